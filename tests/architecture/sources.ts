import * as fs from "node:fs";
import * as path from "node:path";

export const root = path.resolve(__dirname, "../..");

/** A source file, with the paths (from the root) of the source files that it loads in any way. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Packages that it imports: what is written in quotes after `from`, `import` or `require(`. */
  readonly packages: readonly string[];
  readonly loads: readonly string[];
}

const isSource = (name: string) => /\.[mc]?[jt]s$/.test(name) || /bin\/[\w-]+$/.test(name);

/** Reads all source files below a folder. */
export function sourcesIn(folder: string): Source[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => isSource(file) && !file.includes("node_modules"))
    .filter((file) => fs.statSync(path.join(root, file)).isFile())
    .map((file) => read(file, fs.readFileSync(path.join(root, file), "utf8")));
}

/** Finds what a text loads, whichever form of import it uses. */
export function read(file: string, text: string): Source {
  const quoted = [
    ...text.matchAll(/(["'`])((?:\.{1,2}|components|tools|platforms|tests)(?:\/[^"'`\s]*)?)\1/g),
  ];
  const loads = quoted.flatMap(([, , name = ""]) => resolve(file, name) ?? []);
  const packages = [
    ...text.matchAll(/(?:from|import|require\(|import\()\s*["']([^"'.][^"']*)["']/g),
  ];
  return {
    file,
    text,
    packages: packages.map(([, name = ""]) => name),
    loads: [...new Set(loads)].filter((loaded) => loaded !== file),
  };
}

// A name in quotes that leads to a source file counts as an import: `import("./x.js")`,
// `createRequire(__filename)("../x.cjs")` and what is handed to `--require` look alike this way.
function resolve(file: string, name: string): string | undefined {
  const from = name.startsWith(".") ? path.dirname(file) : "";
  const base = path.join(from, name);
  // The root's own map imports and is not imported.
  if (base === "." || base === "./") return undefined;
  const candidates = [
    base,
    `${base}.ts`,
    base.replace(/\.js$/, ".ts"),
    path.join(base, "index.ts"),
  ];
  return candidates.find((candidate) => {
    const whole = path.join(root, candidate);
    return isSource(candidate) && fs.existsSync(whole) && fs.statSync(whole).isFile();
  });
}

/** Circles of files that load each other; each is listed once, from its first file. */
export function circlesOf(sources: readonly Pick<Source, "file" | "loads">[]): string[][] {
  const loads = new Map(sources.map((source) => [source.file, source.loads]));
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, way: readonly string[]) => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const next of loads.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of loads.keys()) visit(file, []);
  return circles;
}
