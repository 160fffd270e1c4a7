import type { ServicePlan } from "../../../../model/platform/plan";
import { describe, type Finding } from "../../../../model/problem";

/** Names that lead nowhere, or elsewhere than they should. */
export function lookupTraps(
  { dns, extraHosts = {}, networks, ...spec }: ServicePlan,
  keys: readonly string[],
): readonly Finding[] {
  const servers = dns?.nameservers ?? [];
  const isLoop = servers.length > 0 && servers.every((one) => /^(127\.|::1$)/.test(one));
  const aliases = Object.entries(networks).flatMap(([key, { aliases = [] }]) =>
    aliases.map((alias) => ({ key, alias })),
  );
  const wrong = aliases.filter(({ alias }) => !alias.includes("{{") && !isName(alias));
  return [
    ...(isLoop
      ? [
          {
            keys: ["dns", "nameservers"],
            found: `${servers.join(", ")}, which is the container itself`,
            allowed: "a name server that containers reach",
            fix: "its address in the network of the nodes, or remove `dns`",
          },
        ]
      : []),
    ...Object.keys(extraHosts).flatMap((name) =>
      keys.includes(name) && name !== spec.name
        ? [
            {
              keys: ["extraHosts", name],
              found: `${name}, the key of a service of the platform: it leads to the address here, not to the service`,
              allowed: "names that no service has",
              fix: "remove it, or another name",
            },
          ]
        : [],
    ),
    ...wrong.map(({ key, alias }) => ({
      keys: ["networks", key, "aliases"],
      found: `${describe(alias)}, a name that no program can look up`,
      allowed: "letters, digits, `-`, `_` and dots, at most 63 between dots",
      fix: "another alias",
    })),
  ];
}

function isName(alias: string): boolean {
  return alias
    .replace(/\.$/, "")
    .split(/\./)
    .every((part) => /^[\w-]{1,63}$/.test(part));
}
