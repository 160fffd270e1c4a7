import { existsSync, readFileSync } from "node:fs";
import { platform, release } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Whether the kernel of this machine has IP_VS, loaded or not; undefined when that is unknown. */
export function kernelHasIpvs(): boolean | undefined {
  return kernelHas("ip_vs", "IP_VS", ["/proc/net/ip_vs"]);
}

/** Whether the kernel of this machine has ESP, with which overlay networks are encrypted; undefined when that is unknown. */
export function kernelHasEsp(): boolean | undefined {
  return kernelHas("esp4", "INET_ESP");
}

/** Whether the kernel has a module, loaded or not, or its option built in. `signs` are files that only exist with it. */
function kernelHas(
  module: string,
  option: string,
  signs: readonly string[] = [],
): boolean | undefined {
  if (platform() !== "linux") return undefined;
  if ([...signs, `/sys/module/${module}`].some((sign) => existsSync(sign))) return true;
  for (const file of ["/proc/config.gz", join("/boot", `config-${release()}`)]) {
    const said = existsSync(file) ? inConfig(option, textOf(file)) : undefined;
    if (said !== undefined) return said;
  }
  const modules = join("/lib/modules", release());
  const lists = ["modules.dep", "modules.builtin"].map((name) => join(modules, name));
  const readable = lists.filter((list) => existsSync(list));
  if (readable.length === 0) return undefined;
  return readable.some((list) => readFileSync(list, "utf8").includes(`/${module}.ko`));
}

/** What a kernel's configuration says of an option; undefined for a module, which may not be installed. Pure. */
export function inConfig(option: string, config: string): boolean | undefined {
  const lines = config.split("\n");
  if (lines.includes(`CONFIG_${option}=y`)) return true;
  if (lines.includes(`# CONFIG_${option} is not set`)) return false;
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
