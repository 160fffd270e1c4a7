import { posix } from "node:path";
import type { PlatformSource } from "../model/platform/source";
import { loadFiles } from "./files/layers";
import { variablesOf } from "./files/load";
import { settled } from "./files/merge";
import { withProfiles } from "./files/profiles";
import type { ComposeRequest, FileSet } from "./files/request";
import { Findings } from "./findings";
import { type Conversion, checkKeys } from "./keys/check";
import { Places } from "./spec/places";
import { platformOf } from "./spec/platform";
import { Values } from "./spec/values";
import { isNothing } from "./tree";
import { composeWording } from "./wording";

export type { ComposeRequest } from "./files/request";
export type { Conversion } from "./keys/check";

/** A platform read from compose files, and what became of each key. */
export interface ComposeSource extends PlatformSource {
  readonly conversions: readonly Conversion[];
}

/**
 * Reads compose files as one platform: parses, fills variables in, merges, checks every key and
 * translates. All that is wrong in all files is reported together; nothing is thrown.
 *
 * @example
 * readCompose({ files: ["compose.yaml"], read, variables: process.env, name: "shop", folder });
 */
export function readCompose(request: ComposeRequest): ComposeSource {
  const findings = new Findings(request.lenient ?? false);
  const places = new Places();
  const set = fileSet(request, findings);
  const paths = request.files.map((file) => posix.resolve(request.folder, file));
  const loaded = loadFiles(paths, set);
  const nothing = {
    problems: findings.problems,
    warnings: findings.warnings,
    lineOf: places.lineOf,
    wording: composeWording(request.name),
    conversions: [],
  };
  if (loaded === undefined || isNothing(loaded.entries.get("services")?.value)) {
    nothingToRead(request, set);
    if (loaded === undefined) return nothing;
  }
  const whole = settled(loaded);
  if (whole.kind !== "map") return nothing;
  const conversions = checkKeys(whole, findings);
  const root = withProfiles(whole, request.profiles ?? []);
  const values = new Values(findings);
  const spec = platformOf({ ...set, values, places, root });
  return { ...nothing, spec, conversions };
}

function fileSet(request: ComposeRequest, findings: Findings): FileSet {
  const { folder, files, variables } = request;
  const own = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const home = own("HOME") ?? "/root";
  const base = posix.dirname(posix.resolve(folder, files[0] ?? "compose.yaml"));
  const set = { base, home, lookup: own, findings, expanded: { ports: 0 }, request, chain: [] };
  const envFiles = (request.envFiles ?? []).map((file) => posix.resolve(folder, file));
  const more = variablesOf(envFiles, set);
  return { ...set, lookup: (name) => own(name) ?? more.get(name) };
}

/** Reports files that have no services, unless it is known why. */
function nothingToRead({ files, folder }: ComposeRequest, { findings }: FileSet): void {
  if (findings.problems.length > 0) return;
  const at = { file: files[0] ?? folder, line: 1, column: 1 };
  const found = files.length === 0 ? "no compose file" : "no services";
  const fix = files.length === 0 ? "`compose: [compose.yaml]`" : "`services:`";
  findings.wrong(at, [], { found, allowed: "files with `services`", fix });
}
