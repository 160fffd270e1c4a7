import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const version = "1.2.1";
const folder = join("plugins", `resource-command-v${version}`);
const binary = "pulumi-resource-command";

/** The Go module of the stand-in; a Go program carries the name of its module. */
const standInModule = "swarmyard.local/airgap/command-plugin";

/** A command plugin that the suite can run against, or why there is none. */
export interface Candidate {
  readonly name: "stand-in" | "official";
  /** The path of the plugin, when it is there. */
  readonly path?: string;
  /** Why it is not. */
  readonly missing?: string;
}

/** The command line to drive the plugins with, or why there is none. */
export function commandLine(): { readonly path?: string; readonly missing?: string } {
  const path = process.env.SWARMYARD_PULUMI;
  if (path === undefined) {
    return { missing: "SWARMYARD_PULUMI does not name a Pulumi command line" };
  }
  return existsSync(path)
    ? { path }
    : { missing: `SWARMYARD_PULUMI names ${path}, which is not there` };
}

/** The two plugins of the suite: the stand-in of `tools/airgap` and the one it replaces. */
export function candidates(): readonly Candidate[] {
  return [standIn(), official()];
}

function standIn(): Candidate {
  const home = process.env.SWARMYARD_PULUMI_HOME;
  if (home === undefined) {
    return { name: "stand-in", missing: "SWARMYARD_PULUMI_HOME is not set" };
  }
  const path = join(home, folder, binary);
  return existsSync(path) && isStandIn(path)
    ? { name: "stand-in", path }
    : { name: "stand-in", missing: `SWARMYARD_PULUMI_HOME (${home}) does not hold it` };
}

function official(): Candidate {
  const named = process.env.SWARMYARD_OFFICIAL_COMMAND;
  if (named !== undefined) {
    return existsSync(named)
      ? { name: "official", path: named }
      : {
          name: "official",
          missing: `SWARMYARD_OFFICIAL_COMMAND names ${named}, which is not there`,
        };
  }
  const homes = [
    process.env.SWARMYARD_PULUMI_HOME,
    process.env.PULUMI_HOME,
    join(homedir(), ".pulumi"),
  ];
  const installed = homes
    .filter((home) => home !== undefined)
    .map((home) => join(home, folder, binary))
    .find((path) => existsSync(path) && !isStandIn(path));
  return installed === undefined ? download() : { name: "official", path: installed };
}

function isStandIn(path: string): boolean {
  return readFileSync(path).includes(standInModule);
}

/** Fetches the official plugin into a folder of its own, which fails where its site is not reached. */
function download(): Candidate {
  const { path: pulumi, missing } = commandLine();
  if (pulumi === undefined) {
    return { name: "official", missing };
  }
  if (process.env.SWARMYARD_NO_DOWNLOADS !== undefined) {
    return { name: "official", missing: "it is not installed, and the downloads are out of reach" };
  }
  const home = mkdtempSync(join(tmpdir(), "conformance-official-"));
  const forget = () => rmSync(home, { recursive: true, force: true });
  process.once("exit", forget);
  try {
    execFileSync(pulumi, ["plugin", "install", "resource", "command", version], {
      env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: "pipe",
      timeout: 30_000,
    });
    return { name: "official", path: join(home, folder, binary) };
  } catch {
    forget();
    return { name: "official", missing: "it is not installed and cannot be downloaded from here" };
  }
}

/** Makes a PULUMI_HOME that holds exactly one command plugin. */
export function homeWith(plugin: string, home: string): void {
  mkdirSync(join(home, folder), { recursive: true });
  try {
    linkSync(plugin, join(home, folder, binary));
  } catch {
    symlinkSync(plugin, join(home, folder, binary));
  }
}
