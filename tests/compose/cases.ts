import * as fs from "node:fs";
import * as path from "node:path";
import { type ComposeRequest, readCompose } from "../../components/compose/read-compose";
import { compare } from "./compare";
import { type Post, planOf, postsOf } from "./deploy";
import { meant } from "./differences";

/** The shared cases lie beside the checkout, or two folders up. */
const places = ["..", "../.."].map((up) =>
  path.resolve(__dirname, "..", "..", up, "shared", "cases"),
);

/** Folder of the shared cases; undefined when this machine does not have them. */
export const casesFolder = places.find((place) => fs.existsSync(path.join(place, "manifest.tsv")));

/** A line of the manifest. */
export interface Case {
  readonly id: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly env: readonly string[];
  readonly stack: string;
}

/** The shared cases; none when this machine does not have them. */
export const cases: readonly Case[] =
  casesFolder === undefined
    ? []
    : fs.readFileSync(path.join(casesFolder, "manifest.tsv"), "utf8").split("\n").flatMap(caseOf);

function caseOf(line: string): readonly Case[] {
  if (line.startsWith("#") || line.trim() === "") return [];
  const [id = "", folder = "", files = "", env = "", stack = ""] = line.split("\t");
  const words = (text: string) => text.split(" ").filter((word) => word !== "");
  return [{ id, folder, files: words(files), env: words(env), stack: stack || "st" }];
}

/** Reads a file of the cases by the name that it has in the goldens. */
export function readCase(file: string): string | undefined {
  if (casesFolder === undefined || !file.startsWith("/cases")) return undefined;
  const real = path.join(casesFolder, file.slice("/cases".length));
  return fs.existsSync(real) && fs.statSync(real).isFile()
    ? fs.readFileSync(real, "utf8")
    : undefined;
}

/** Variables as the goldens were recorded with: of the env files, and the home folder. */
function variablesOf({ folder, env }: Case): { readonly [name: string]: string } {
  const lines = env.flatMap((name) => (readCase(`/cases/${folder}/${name}`) ?? "").split("\n"));
  const entries = lines.flatMap((line) => {
    const [, key, value = ""] = /^\s*(?:export )?([^#=\s][^=]*)=(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [[key.trim(), unquoted(value)] as const];
  });
  return { HOME: "/root", PATH: process.env.PATH ?? "", ...Object.fromEntries(entries) };
}

function unquoted(value: string): string {
  if (/^".*"$/.test(value) && value.length > 1) return value.slice(1, -1).replaceAll('\\"', '"');
  if (/^'.*'$/.test(value) && value.length > 1) return value.slice(1, -1);
  return value.replace(/ #.*$/, "").trimEnd();
}

/** What became of a case. */
export interface Verdict {
  readonly result: "equal" | "differs" | "refused" | "read";
  /** Problems, or what differs and is not meant to. */
  readonly lines: readonly string[];
  /** All that differs. */
  readonly all: readonly string[];
}

/** The platform of a case as we read it. */
export function readOf(one: Case, options: Partial<ComposeRequest> = {}) {
  const folder = path.posix.join("/cases", one.folder);
  const { files, stack: name } = one;
  return readCompose({
    files,
    read: readCase,
    variables: variablesOf(one),
    name,
    folder,
    ...options,
  });
}

/** Reads a case and compares the requests with those that Docker sends. `read` when Docker refuses it. */
export async function judge(one: Case, lenient: boolean): Promise<Verdict> {
  const { spec, problems } = readOf(one, { lenient });
  if (problems.length > 0 || spec === undefined) {
    const lines = problems.map(
      (problem) => `${problem.line} ${problem.path}: ${problem.found} → ${problem.fix}`,
    );
    return { result: "refused", lines, all: [] };
  }
  const { plan, findings } = planOf(one.stack, spec);
  if (plan === undefined || findings.length > 0)
    return { result: "differs", lines: findings, all: [] };
  const read = (file: string) => readCase(path.posix.resolve(plan.folder, file)) ?? "";
  const posts = await postsOf(plan, read).catch((error: Error) => error);
  if (posts instanceof Error) return { result: "differs", lines: [posts.message], all: [] };
  const golden = readCase(`/cases/expected/${one.id}.deploy.json`);
  if (golden === undefined) return { result: "read", lines: [], all: [] };
  const all = compare(posts, JSON.parse(golden) as readonly Post[]);
  const lines = all.filter((text) => !meant.some(({ line }) => line.test(text)));
  return { result: lines.length === 0 ? "equal" : "differs", lines, all };
}
