import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseDocument } from "yaml";
import type { Yard } from "./yard";

/** Makes a key pair in a file. @returns its public half, as in authorized_keys */
export function makeKey(file: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  return fs.readFileSync(`${file}.pub`, "utf8").trim();
}

/** Starts an SSH agent that has the key in a file. Its socket is in the folder. */
export async function startAgent(
  folder: string,
  key: string,
): Promise<{ readonly agent: ChildProcess; readonly socket: string }> {
  const socket = path.join(folder, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  while (!fs.existsSync(socket)) await sleep(50);
  execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return { agent, socket };
}

/** Gives a yard a backend and a passphrase of its own: a team has its state elsewhere, not on this machine. */
export function useOwnBackend(yard: Yard, folder: string): void {
  const backend = path.join(folder, "backend");
  fs.mkdirSync(backend);
  Object.assign(yard.variables, {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of its own",
  });
}

/** Takes the public salt, these groups, the platforms and the registry out of a yard's environment file. */
export function emptyFile(yard: Yard, groups: readonly string[]): void {
  const document = parseDocument(fs.readFileSync(yard.settings, "utf8"));
  document.delete("encryptionsalt");
  fs.writeFileSync(yard.settings, document.toString());
  for (const group of groups) yard.set(["swarmyard:hosts", "groups", group], undefined);
  yard.set(["swarmyard:platforms"], {});
  yard.set(["swarmyard:registry"], { kind: "none" });
}

/** Makes the yard's stack in its backend. */
export function initStack(yard: Yard): void {
  const init = `pulumi stack init ${yard.stack} --no-select --secrets-provider passphrase`;
  const shell = `eval "$(npm run -s env -- -s ${yard.stack})" && ${init}`;
  execFileSync("bash", ["-c", shell], { cwd: yard.folder, env: yard.environment });
}

/** Nodes of a yard's swarm: `left Ready Active`, in the order of their names. */
export async function nodesOf(yard: Yard): Promise<readonly string[]> {
  const format = "{{.Hostname}} {{.Status}} {{.Availability}}";
  return (await yard.docker("node", "ls", "--format", format)).trim().split("\n").sort();
}
