import type { SwarmAccess } from "../engine/access";
import type { SwarmView } from "./swarm";

/**
 * Says `yes`, `no` or nothing to whether the machine's kernel has IP_VS: loaded, built in, or as a module
 * that could be loaded. Ends well everywhere.
 */
const QUESTION = `
if [ -e /proc/net/ip_vs ] || [ -e /sys/module/ip_vs ]; then echo yes; exit 0; fi
release=$(uname -r)
for config in /proc/config.gz /boot/config-$release; do
  [ -r $config ] || continue
  line=$(gzip -dcf $config 2>/dev/null | grep -E '^(# )?CONFIG_IP_VS[= ]')
  case "$line" in *=y) echo yes; exit 0;; *'is not set') echo no; exit 0;; esac
done
modules=/lib/modules/$release/modules.dep
[ -r $modules ] || exit 0
if grep -q /ip_vs.ko $modules; then echo yes; else echo no; fi
`;

/** Whether a node's kernel has IP_VS, which virtual addresses and ingress need; undefined when nobody can tell. */
export async function nodeHasIpvs(host: string, access: SwarmAccess): Promise<boolean | undefined> {
  try {
    const said = (await access.run(host, QUESTION)).trim();
    return said === "" ? undefined : said === "yes";
  } catch {
    return undefined;
  }
}

/**
 * Nodes without IP_VS among those with tasks of services that have a virtual address: there the name
 * of such a service leads nowhere. At most three nodes are asked.
 */
export async function deadAddresses(
  { services, tasks, nodes }: SwarmView,
  access: SwarmAccess,
): Promise<
  { readonly services: readonly string[]; readonly nodes: readonly string[] } | undefined
> {
  const virtual = [...services].filter(
    ([, { Spec }]) =>
      Spec.EndpointSpec?.Mode !== "dnsrr" && (Spec.TaskTemplate?.Networks ?? []).length > 0,
  );
  const ids = new Set(virtual.map(([, { ID }]) => ID));
  const used = new Set(
    tasks.flatMap(({ ServiceID = "", NodeID }) => (ids.has(ServiceID) ? NodeID : [])),
  );
  const hosts = nodes.filter(({ id }) => used.has(id)).map(({ hostname }) => hostname);
  const asked = hosts.filter((host) => access.nodes.includes(host)).slice(0, 3);
  const answers = await Promise.all(asked.map((host) => nodeHasIpvs(host, access)));
  const without = asked.filter((_, index) => answers[index] === false);
  return without.length === 0
    ? undefined
    : { services: virtual.map(([name]) => name), nodes: without };
}
