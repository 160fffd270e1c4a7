import * as path from "node:path";
import ts from "typescript";
import { root } from "./sources";

/** A program with the types of all source files, and of further ones that are on no disk. */
export interface Typed {
  readonly files: readonly ts.SourceFile[];
  readonly checker: ts.TypeChecker;
}

/** Reads what tsconfig.json includes; `extra` are texts by path from the root. */
export function readTypes(extra: { readonly [file: string]: string }): Typed {
  const config = path.join(root, "tsconfig.json");
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const texts = new Map(
    Object.entries(extra).map(([file, text]) => [path.join(root, file), text] as const),
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  const program = ts.createProgram([...fileNames, ...texts.keys()], options, host);
  const files = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName));
  return { files, checker: program.getTypeChecker() };
}

const isOurs = (file: string) => file.startsWith(root) && !file.includes("/node_modules/");

/** What is wrong in one file, each as `file:line: what`. */
export function misuses(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  const report = (node: ts.Node, what: string) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${path.relative(root, file.fileName)}:${line + 1}: ${what}`);
  };
  const isOutput = (node: ts.Expression) => isOutputType(checker.getTypeAtLocation(node));
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) {
      for (const { expression } of node.templateSpans) {
        if (isOutput(expression)) report(expression, "an Output in a template literal");
      }
    }
    if (ts.isBinaryExpression(node) && isPlus(node.operatorToken.kind)) {
      for (const side of [node.left, node.right]) {
        if (isOutput(side)) report(side, "an Output beside +");
      }
    }
    if (ts.isExpressionStatement(node) && isLeftAlone(node.expression, checker)) {
      report(node, "a promise that nobody waits for");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const isPlus = (kind: ts.SyntaxKind) =>
  kind === ts.SyntaxKind.PlusToken || kind === ts.SyntaxKind.PlusEqualsToken;

/** True for an Output, and for an Input, which may be one. */
function isOutputType(type: ts.Type): boolean {
  if (type.isUnionOrIntersection()) return type.types.some(isOutputType);
  return type.getSymbol()?.name === "OutputInstance";
}

/** A promise that is neither awaited, nor kept, nor has somebody for its error. */
function isLeftAlone(expression: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) return false;
  if (ts.isBinaryExpression(expression) || handlesError(expression)) return false;
  if (ts.isCallExpression(expression) && isPulumiLog(expression, checker)) return false;
  return isPromise(checker.getTypeAtLocation(expression));
}

function isPromise(type: ts.Type): boolean {
  if (type.isUnionOrIntersection()) return type.types.some(isPromise);
  return type.getSymbol()?.name === "Promise";
}

/** Pulumi itself waits for what is logged before the program ends. */
function isPulumiLog(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const declaration = checker.getResolvedSignature(call)?.declaration;
  return declaration?.getSourceFile().fileName.includes("/@pulumi/pulumi/log/") ?? false;
}

function handlesError(expression: ts.Expression): boolean {
  if (!ts.isCallExpression(expression)) return false;
  const { expression: callee, arguments: given } = expression;
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { text } = callee.name;
  if (text === "finally") return handlesError(callee.expression);
  return text === "catch" || (text === "then" && given.length > 1);
}
