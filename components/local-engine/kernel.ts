import { existsSync, readFileSync } from "node:fs";
import { platform, release } from "node:os";
import { join } from "node:path";

/** Whether the kernel of this machine has IP_VS, loaded or not; undefined when that is unknown. */
export function kernelHasIpvs(): boolean | undefined {
  if (platform() !== "linux") return undefined;
  if (existsSync("/proc/net/ip_vs") || existsSync("/sys/module/ip_vs")) return true;
  const modules = join("/lib/modules", release());
  const lists = ["modules.dep", "modules.builtin"].map((name) => join(modules, name));
  const readable = lists.filter((list) => existsSync(list));
  if (readable.length === 0) return undefined;
  return readable.some((list) => readFileSync(list, "utf8").includes("/ip_vs.ko"));
}
