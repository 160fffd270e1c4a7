import { existsSync, readFileSync } from "node:fs";
import { platform, release } from "node:os";
import { join } from "node:path";

/** Whether the kernel of this machine has IP_VS, loaded or not; undefined when that is unknown. */
export function kernelHasIpvs(): boolean | undefined {
  return kernelHas("ip_vs", ["/proc/net/ip_vs"]);
}

/** Whether the kernel of this machine has ESP, with which overlay networks are encrypted; undefined when that is unknown. */
export function kernelHasEsp(): boolean | undefined {
  return kernelHas("esp4");
}

/** Whether the kernel has a module, loaded or not. `signs` are files that only exist with it. */
function kernelHas(module: string, signs: readonly string[] = []): boolean | undefined {
  if (platform() !== "linux") return undefined;
  if ([...signs, `/sys/module/${module}`].some((sign) => existsSync(sign))) return true;
  const modules = join("/lib/modules", release());
  const lists = ["modules.dep", "modules.builtin"].map((name) => join(modules, name));
  const readable = lists.filter((list) => existsSync(list));
  if (readable.length === 0) return undefined;
  return readable.some((list) => readFileSync(list, "utf8").includes(`/${module}.ko`));
}
