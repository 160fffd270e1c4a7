// cspell:words encryptedkey
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parseDocument } from "yaml";
import { environmentFiles } from "../../components/config/file/find";
import { isMap } from "../../components/model/merge";

/** What `pulumi stack init` writes: how secrets are encrypted, and nothing else. */
const ofStackInit = ["encryptionsalt", "secretsprovider", "encryptedkey"];

/**
 * Moves what `pulumi stack init` wrote beside the project's file into the environment's own file, where that is in
 * a folder of platforms/. A file with anything else in it stays, and so does one whose environment is already set up.
 *
 * @returns what was done, in words; undefined when there was nothing to do
 */
export function takeStackInit(project: string, stack: string): string | undefined {
  const written = join(project, `Pulumi.${stack}.yaml`);
  if (!existsSync(written)) return undefined;
  const [own, ...more] = environmentFiles(project).filter(
    ({ name, path }) => name === stack && path !== written,
  );
  if (own === undefined || more.length > 0 || !hasOnly(ofStackInit, written)) return undefined;
  const text = readFileSync(own.path, "utf8");
  if (ofStackInit.some((key) => parseDocument(text).has(key))) return undefined;
  const lines = readFileSync(written, "utf8").replace(/\n?$/, "\n");
  const start = Math.max(text.search(/^config:/m), 0);
  writeFileSync(own.path, `${text.slice(0, start)}${lines}${text.slice(start)}`);
  rmSync(written);
  return `Moved what pulumi stack init wrote in ${basename(written)} into ${relative(project, own.path)}: commit that.`;
}

function hasOnly(keys: readonly string[], file: string): boolean {
  const content: unknown = parseDocument(readFileSync(file, "utf8")).toJS();
  return isMap(content) && Object.keys(content).every((key) => keys.includes(key));
}
