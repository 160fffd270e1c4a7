import { existsSync, readFileSync } from "node:fs";
import { platform, release } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Whether the kernel of this machine has IP_VS, loaded or not; undefined when that is unknown. */
export function kernelHasIpvs(): boolean | undefined {
  if (platform() !== "linux") return undefined;
  if (existsSync("/proc/net/ip_vs") || existsSync("/sys/module/ip_vs")) return true;
  for (const file of ["/proc/config.gz", join("/boot", `config-${release()}`)]) {
    const said = existsSync(file) ? ipvsInConfig(textOf(file)) : undefined;
    if (said !== undefined) return said;
  }
  const modules = join("/lib/modules", release());
  const lists = ["modules.dep", "modules.builtin"].map((name) => join(modules, name));
  const readable = lists.filter((list) => existsSync(list));
  if (readable.length === 0) return undefined;
  return readable.some((list) => readFileSync(list, "utf8").includes("/ip_vs.ko"));
}

/** What a kernel's configuration says of IP_VS; undefined for a module, which may not be installed. Pure. */
export function ipvsInConfig(config: string): boolean | undefined {
  if (/^CONFIG_IP_VS=y$/m.test(config)) return true;
  if (/^# CONFIG_IP_VS is not set$/m.test(config)) return false;
  return undefined;
}

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch {
    return "";
  }
}
