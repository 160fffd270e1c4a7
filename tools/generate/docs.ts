import { join } from "node:path";
import * as ts from "typescript";

/** What the comment of a field says, and the comments of the fields in it. */
export interface Docs {
  readonly text: string;
  readonly fallback?: string;
  readonly example?: string;
  readonly members: { readonly [key: string]: Docs };
  /** Of the items of a list or map. */
  readonly item?: Docs;
}

const none: Docs = { text: "", members: {} };

/** Reads the comments of types as editors show them, so that nothing is written down twice. */
export class Comments {
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;

  constructor(private readonly root: string) {
    const file = join(root, "tsconfig.json");
    const { config } = ts.readConfigFile(file, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const files = ["model/platform/spec.ts", "config/schema/file.ts", "provider/kinds.ts"];
    const paths = files.map((path) => join(root, "components", path));
    this.program = ts.createProgram(paths, { ...options, noEmit: true, skipLibCheck: true });
    this.checker = this.program.getTypeChecker();
  }

  /** Comments of an exported type of a file below components. */
  of(path: string, name: string): Docs {
    const source = this.program.getSourceFile(join(this.root, "components", path));
    const module = source && this.checker.getSymbolAtLocation(source);
    const found =
      module && this.checker.getExportsOfModule(module).find((one) => one.name === name);
    if (found === undefined) throw new Error(`${path} exports no ${name}`);
    return this.inside(this.checker.getDeclaredTypeOfSymbol(found));
  }

  private inside(type: ts.Type): Docs {
    const present = this.checker.getNonNullableType(type);
    if (present.isUnion()) {
      const all = present.types.map((one) => this.inside(one)).reverse();
      const item = all.findLast((one) => one.item !== undefined)?.item;
      // A field that only one member of the union explains is explained.
      const fields = all.flatMap(({ members }) => Object.entries(members));
      const explained = fields.filter(([, { text }]) => text !== "");
      return { ...none, item, members: Object.fromEntries([...fields, ...explained]) };
    }
    const whole = present.isIntersection() ? present.types : [present];
    if (whole.some(({ flags }) => (flags & ts.TypeFlags.Object) === 0)) return none;
    const item =
      this.checker.getIndexTypeOfType(present, ts.IndexKind.Number) ??
      this.checker.getIndexTypeOfType(present, ts.IndexKind.String);
    if (item !== undefined) return { ...none, item: this.inside(item) };
    const members = present
      .getProperties()
      .map((property) => [property.name, this.field(property)]);
    return { ...none, members: Object.fromEntries(members) };
  }

  private field(property: ts.Symbol): Docs {
    const tags = new Map(
      property
        .getJsDocTags(this.checker)
        .map(({ name, text }) => [name, ts.displayPartsToString(text)] as const),
    );
    return {
      ...this.inside(this.checker.getTypeOfSymbol(property)),
      text: ts.displayPartsToString(property.getDocumentationComment(this.checker)),
      fallback: tags.get("default"),
      example: tags.get("example"),
    };
  }
}
