import { fileProblem } from "../../../model/problem";
import type { Check } from "../flight";

/** Encrypted networks on hosts of this machine, whose kernel cannot encrypt. */
export const warnEncryption: Check = ({ environment, drafts, world, settings }) => {
  if (world.esp !== false || !environment.hosts.some(({ kind }) => kind === "local")) return [];
  const encrypted = drafts.flatMap(({ name, plan }) =>
    Object.entries(plan.networks).flatMap(([key, network]) =>
      network.kind === "own" && network.encrypted === true ? [`${name}.${key}`] : [],
    ),
  );
  if (encrypted.length === 0) return [];
  const found = `encrypted networks (${encrypted.join(", ")}); the kernel of this machine has no ESP, so tasks on different hosts would not reach each other`;
  const allowed = "encryption where the kernel has the module `esp4`";
  const fix = "`encrypted: false` in this environment, or load the module: `modprobe esp4`";
  const keys = settings.swarm?.encrypted === true ? ["swarm", "encrypted"] : ["platforms"];
  return [fileProblem(keys, { found, allowed, fix })];
};
