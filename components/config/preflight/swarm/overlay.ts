import { addressText, contains, rangeOf } from "../../../model/addresses/subnets";
import { MTU_OPTION } from "../../../model/kinds/network";
import { valueAt } from "../../../model/merge";
import type { NetworkPlan } from "../../../model/platform/plan";
import { type Finding, fileProblem, type Problem } from "../../../model/problem";
import type { HostKind } from "../../environment/host-kind";
import { OVERLAY_HEADER } from "../../environment/mesh";
import { type Draft, platformProblem } from "../../platforms/platforms";
import type { Check, Flight } from "../flight";

/** Overlay networks that work otherwise than they are written, or not with everything. */
export const warnOverlays: Check = (flight) => [
  ...flight.drafts.flatMap((draft) =>
    Object.entries(draft.plan.networks).flatMap(([key, network]) =>
      networkDoubts(network, statedMtu(draft, key), flight).map(({ keys, ...about }) =>
        platformProblem(draft, ["networks", key, ...keys], about),
      ),
    ),
  ),
  ...ofSwarm(flight),
];

/** The environment gives its own to every network, and has its own check. */
function statedMtu({ written }: Draft, key: string): number {
  return Number(valueAt(written, ["networks", key, "options", MTU_OPTION]));
}

function networkDoubts(network: NetworkPlan, mtu: number, flight: Flight): readonly Finding[] {
  if (network.kind === "external" || (network.driver ?? "overlay") !== "overlay") return [];
  const { subnet, moreSubnets = [], options = {} } = network;
  return [
    ...blocks([subnet, ...moreSubnets]),
    ...unknownOptions(options),
    ...tooLarge(mtu, flight).map((about) => ({ keys: ["options", MTU_OPTION], ...about })),
  ];
}

/** Networks that may be used without asking anybody, and those of examples. */
const PRIVATE =
  "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 198.18.0.0/15 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24";
/** What is refused elsewhere. */
const NOWHERE = "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 224.0.0.0/4 240.0.0.0/4";

function blocks(all: readonly (string | undefined)[]): readonly Finding[] {
  return all.flatMap((block, index): readonly Finding[] => {
    const range = block === undefined ? undefined : rangeOf(block);
    if (range === undefined) return [];
    const keys = index === 0 ? ["subnet"] : ["moreSubnets", index - 1];
    const network = `${addressText(range.first)}/${range.bits}`;
    if (network !== block) {
      const found = `${block}, an address in ${network}: Docker from 25 on does not create this network`;
      const allowed = "the first address of the network, and its size";
      return [{ keys, found, allowed, fix: `\`${network}\`` }];
    }
    const known = `${PRIVATE} ${NOWHERE}`.split(" ");
    if (known.some((one) => contains(one, network))) return [];
    const found = `${block}, addresses of the internet: the service's tasks no longer reach their owners`;
    const allowed = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16";
    return [{ keys, found, allowed, fix: "leave `subnet` out, or a private network" }];
  });
}

const OPTION = /^(encrypted$|com\.docker\.network\.(driver\.(mtu$|overlay\.)|endpoint\.|enable_))/;

function unknownOptions(options: { readonly [option: string]: string }): readonly Finding[] {
  return Object.keys(options).flatMap((option) => {
    if (OPTION.test(option)) return [];
    const found = "an option that Docker's overlay networks do not have: it has no effect";
    const isMtu = /mtu$/i.test(option);
    const fix = isMtu ? `\`${MTU_OPTION}: "${options[option]}"\`` : "remove it";
    return [{ keys: ["options", option], found, allowed: `${MTU_OPTION}, encrypted`, fix }];
  });
}

/** Largest packet between hosts, in bytes, where it is known. */
const LINK: { readonly [kind in HostKind]?: number } = { local: 1500, aws: 9001 };

function tooLarge(mtu: number, { environment: { hosts, swarm } }: Flight) {
  const kinds = [...new Set(hosts.map(({ kind }) => kind))];
  const links = kinds.map((kind) => LINK[kind]);
  // A mesh has its own check.
  if (links.length === 0 || links.includes(undefined) || swarm.mesh !== undefined) return [];
  const most = Math.min(...links.map((link = 0) => link)) - OVERLAY_HEADER;
  if (!(mtu > most)) return [];
  const found = `${mtu}, while packets between the hosts have at most ${most + OVERLAY_HEADER} bytes, ${OVERLAY_HEADER} of them for the overlay: large ones get lost`;
  return [{ found, allowed: `at most ${most}`, fix: `\`${most}\`` }];
}

function ofSwarm(flight: Flight): readonly Problem[] {
  const { mtu, ingress } = flight.settings.swarm ?? {};
  return [
    ...tooLarge(Number(mtu), flight).map((about) => fileProblem(["swarm", "mtu"], about)),
    ...tooLarge(Number(ingress?.mtu), flight).map((about) =>
      fileProblem(["swarm", "ingress", "mtu"], about),
    ),
  ];
}
