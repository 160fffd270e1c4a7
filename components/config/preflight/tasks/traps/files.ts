import { posix } from "node:path";
import { suggestion } from "../../../../model/nearest";
import type { ServicePlan } from "../../../../model/platform/plan";
import type { Finding, Keys } from "../../../../model/problem";

const FOLDER = "/run/secrets/";
const PATH = /(?:^|[=,:\s"'])(\/run\/secrets\/[\w.-]+(?:\/[\w.-]+)*)/;

/** Secrets that a program is to read and does not find, or may not open. */
export function fileTraps(spec: ServicePlan): readonly Finding[] {
  return [...missing(spec), ...closed(spec)];
}

function missing(spec: ServicePlan): readonly Finding[] {
  const { env = {}, command = [], entrypoint = [], secrets = {}, mounts = {} } = spec;
  const there = Object.keys(secrets).map((file) => posix.resolve(FOLDER, file));
  const mounted = [...Object.keys(mounts), ...Object.keys(spec.configs ?? {})];
  const texts: readonly (readonly [Keys, string | null])[] = [
    ...Object.entries(env).map(([name, value]) => [["env", name], value] as const),
    ...command.map((word, index) => [["command", index], word] as const),
    ...entrypoint.map((word, index) => [["entrypoint", index], word] as const),
  ];
  return texts.flatMap(([keys, text]) => {
    const [, path] = PATH.exec(text ?? "") ?? [];
    if (path === undefined || there.includes(path)) return [];
    if (mounted.some((one) => path === one || path.startsWith(`${one.replace(/\/$/, "")}/`))) {
      return [];
    }
    const names = there.map((one) => one.replace(FOLDER, ""));
    const name = path.replace(FOLDER, "");
    const allowed = there.length === 0 ? "no secret: the service has none" : there.join(", ");
    const fix = suggestion(name, names, `\`secrets: { ${name}: { source: <secret> } }\``);
    return [{ keys, found: `${path}, where the service has no secret`, allowed, fix }];
  });
}

/** Files that only their owner may read, for a user that is not their owner. */
function closed({ user = "", groups = [], ...spec }: ServicePlan): readonly Finding[] {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  if (uid === undefined || uid === "0") return [];
  return (["secrets", "configs"] as const).flatMap((section) =>
    Object.entries(spec[section] ?? {}).flatMap(([file, one]): readonly Finding[] => {
      const { uid: owner = "0", gid: group = "0", mode = 0o444 } = one;
      const bits = typeof mode === "string" ? Number.parseInt(mode, 8) : mode;
      if (owner === uid) return [];
      const isIn = group === gid || groups.includes(group) || (gid === undefined && group === "0");
      if ((bits & (isIn ? 0o044 : 0o004)) !== 0) return [];
      const found = `mode ${bits.toString(8).padStart(4, "0")} and owner ${owner}: user ${uid} cannot read it`;
      const allowed = "a file that the service's `user` may read";
      return [{ keys: [section, file, "mode"], found, allowed, fix: `\`uid: "${uid}"\`` }];
    }),
  );
}
