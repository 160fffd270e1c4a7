import type { LiveNetwork } from "../../components/engine/live";
import { NAMESPACE_LABEL } from "../../components/model/platform/names";
import type { NetworkSpec } from "../../components/model/platform/spec";

/** Parts of a network that Docker shows and the platform cannot say. */
interface Rest {
  readonly EnableIPv6?: boolean;
  readonly ConfigOnly?: boolean;
  readonly IPAM?: {
    readonly Driver?: string;
    readonly Options?: object | null;
    readonly Config?:
      | readonly {
          readonly Subnet?: string;
          readonly Gateway?: string;
          readonly IPRange?: string;
          readonly AuxiliaryAddresses?: object | null;
        }[]
      | null;
  };
}

/**
 * A network as its platform has it: made by the platform, or external where it has something that
 * a platform cannot say. Pure.
 *
 * @param isNamed its name is what its key gives
 */
export function ownNetwork(
  network: LiveNetwork & Rest,
  isNamed: boolean,
  stack: string | undefined,
): { readonly spec: NetworkSpec; readonly note?: string } {
  const odd = oddities(network);
  const [subnet, ...more] = (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
  if (odd.length > 0) {
    const note = `the network ${network.Name} is only used (\`external\`): a platform cannot say its ${odd.join(", ")}`;
    const known = subnet === undefined || subnet.includes(":") ? {} : { subnet };
    return { spec: { external: true, name: network.Name, ...known }, note };
  }
  const options = Object.entries(network.Options ?? {}).filter(([key]) => !added.includes(key));
  const labels = Object.entries(network.Labels ?? {}).filter(
    ([key, value]) => key !== NAMESPACE_LABEL || value !== stack,
  );
  return {
    spec: {
      ...(isNamed ? {} : { name: network.Name }),
      ...(network.Driver === "overlay" ? {} : { driver: network.Driver }),
      ...(subnet === undefined ? {} : { subnet }),
      ...(more.length === 0 ? {} : { moreSubnets: more }),
      ...(network.Attachable === true ? { attachable: true } : {}),
      ...(network.Internal === true ? { internal: true } : {}),
      ...("encrypted" in (network.Options ?? {}) ? { encrypted: true } : {}),
      ...(options.length === 0 ? {} : { options: Object.fromEntries(options) }),
      ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }),
    },
  };
}

/** Options that swarm adds, or that have a field of their own. */
const added: readonly string[] = ["com.docker.network.driver.overlay.vxlanid_list", "encrypted"];

function oddities({ EnableIPv6, ConfigOnly, IPAM }: LiveNetwork & Rest): readonly string[] {
  const entries: NonNullable<NonNullable<Rest["IPAM"]>["Config"]> = IPAM?.Config ?? [];
  const all: Record<string, boolean> = {
    EnableIPv6: EnableIPv6 === true,
    ConfigOnly: ConfigOnly === true,
    "IPAM.Driver": !["", "default", undefined].includes((IPAM as Rest["IPAM"])?.Driver),
    "IPAM.Options": Object.keys((IPAM as Rest["IPAM"])?.Options ?? {}).length > 0,
    "IPAM.Config.IPRange": entries.some(({ IPRange = "" }) => IPRange !== ""),
    "IPAM.Config.AuxiliaryAddresses": entries.some(
      ({ AuxiliaryAddresses }) => Object.keys(AuxiliaryAddresses ?? {}).length > 0,
    ),
  };
  return Object.keys(all).filter((key) => all[key] === true);
}
