import { addressText, overlap, rangeOf } from "../../../model/addresses/subnets";
import { MTU_OPTION } from "../../../model/kinds/network";
import type { NetworkPlan, VolumePlan } from "../../../model/platform/plan";
import { describe, type Finding } from "../../../model/problem";
import { bytesIn } from "../../../model/quantities";
import { platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";

/** What Docker's own drivers of networks and volumes refuse, or take and cannot work with. */
export const checkDrivers: Check = ({ drafts }) =>
  drafts.flatMap((draft) => {
    const at = (section: string, key: string, findings: readonly Finding[]) =>
      findings.map(({ keys, ...about }) => platformProblem(draft, [section, key, ...keys], about));
    const { networks, volumes } = draft.plan;
    return [
      ...Object.entries(networks).flatMap(([key, one]) => at("networks", key, networkFaults(one))),
      ...Object.entries(volumes).flatMap(([key, one]) => at("volumes", key, volumeFaults(one))),
    ];
  });

/** Drivers of networks that one Docker engine has for itself. */
const OF_ONE_NODE = ["bridge", "host", "none", "null", "macvlan", "ipvlan"];

function networkFaults(plan: NetworkPlan): readonly Finding[] {
  if (plan.kind === "external") return [];
  const { driver = "overlay", subnet, gateway, options = {} } = plan;
  const findings: Finding[] = [];
  if (OF_ONE_NODE.includes(driver)) {
    const found = `"${driver}", whose networks are of one node: no service can join them`;
    const fix = "`driver: overlay`, or remove it";
    findings.push({ keys: ["driver"], found, allowed: "overlay, or a driver of a plugin", fix });
  }
  const mtu = options[MTU_OPTION];
  if (mtu !== undefined && !(/^\d+$/.test(mtu) && Number(mtu) >= 68 && Number(mtu) <= 65535)) {
    const allowed = "a number of bytes from 68 to 65535";
    const keys = ["options", MTU_OPTION];
    findings.push({ keys, found: describe(mtu), allowed, fix: `\`${MTU_OPTION}: "1400"\`` });
  }
  return [
    ...findings,
    ...blockFaults([subnet, ...(plan.moreSubnets ?? [])]),
    ...endFaults(gateway, subnet),
  ];
}

/** A gateway at one of the two addresses of a network that nobody can have. */
function endFaults(gateway: string | undefined, subnet = ""): readonly Finding[] {
  const range = rangeOf(subnet);
  if (gateway === undefined || range === undefined || range.bits > 30) return [];
  const ends = new Map([
    [addressText(range.first), "network"],
    [addressText(range.last), "broadcast"],
  ]);
  const kind = ends.get(gateway);
  if (kind === undefined) return [];
  const found = `${gateway}, the ${kind} address of ${subnet}`;
  const allowed = `an address between the ends of ${subnet}`;
  const fix = `\`gateway: ${addressText(range.first + 1)}\`, or remove it`;
  return [{ keys: ["gateway"], found, allowed, fix }];
}

/** Addresses that the kernel routes to no other node. */
const NEVER: readonly (readonly [string, string])[] = [
  ["0.0.0.0/8", "this host"],
  ["127.0.0.0/8", "each node itself"],
  ["169.254.0.0/16", "links, and metadata in clouds"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "nothing yet"],
];

function blockFaults(blocks: readonly (string | undefined)[]): readonly Finding[] {
  return blocks.flatMap((block, index) => {
    const [reserved, use] = NEVER.find(([one]) => block !== undefined && overlap(one, block)) ?? [];
    if (reserved === undefined) return [];
    const keys = index === 0 ? ["subnet"] : ["moreSubnets", index - 1];
    const found = `${block}, in ${reserved}, which is for ${use}`;
    return [{ keys, found, allowed: "a private network", fix: "`10.201.7.0/24`" }];
  });
}

const OPTIONS = ["type", "o", "device", "size"];

/** What Docker's own driver of volumes refuses, or what the kernel refuses to mount. */
function volumeFaults(plan: VolumePlan): readonly Finding[] {
  if (plan.kind !== "node" || !["", "local"].includes(plan.driver)) return [];
  const { driverOptions: options } = plan;
  const unknown = Object.keys(options).filter((one) => !OPTIONS.includes(one));
  const mounts = ["type", "o", "device"].some((one) => options[one] !== undefined);
  const missing = ["type", "device"].filter((one) => mounts && options[one] === undefined);
  return [
    ...unknown.map((option) => ({
      keys: ["driverOptions", option],
      found: "an option that Docker's own driver does not have",
      allowed: OPTIONS.join(", "),
      fix: "remove it, or `driver` with the driver that has it",
    })),
    ...missing.map((option) => ({
      keys: ["driverOptions"],
      found: `${Object.keys(options).join(", ")} without \`${option}\``,
      allowed: "`type` and `device` together",
      fix: option === "type" ? "`type: none`, with `o: bind`" : "`device: /a/path/of/the/nodes`",
    })),
    ...sizeFaults(options),
    ...(mounts && missing.length === 0 ? mountFaults(options) : []),
  ];
}

type Options = { readonly [option: string]: string };

function sizeFaults({ size }: Options): readonly Finding[] {
  if (size === undefined || bytesIn(size) !== undefined) return [];
  const keys = ["driverOptions", "size"];
  return [{ keys, found: describe(size), allowed: "a size such as 10G", fix: "`size: 10G`" }];
}

function mountFaults(options: Options): readonly Finding[] {
  const { type = "", o = "", device = "" } = options;
  const words = o.split(",");
  const bound = words.some((word) => word === "bind" || word === "rbind");
  if (bound && !device.startsWith("/") && !device.includes("{{")) {
    const found = `${describe(device)}, which is not a path of the nodes`;
    return [
      {
        keys: ["driverOptions", "device"],
        found,
        allowed: "an absolute path",
        fix: "`device: /srv/data`",
      },
    ];
  }
  if (!/^nfs4?$/.test(type)) return [];
  if (!words.some((word) => /^addr=./.test(word))) {
    const server = /^([^:/]+):/.exec(device)?.[1] ?? "<address of the server>";
    const fix = `\`o: ${[`addr=${server}`, ...words.filter((word) => word !== "")].join(",")}\``;
    return [
      {
        keys: ["driverOptions", "o"],
        found: "a mount of NFS without `addr=`",
        allowed: "options with the address of the server",
        fix,
      },
    ];
  }
  if (/^[^/]*:\//.test(device)) return [];
  const found = `${describe(device)} as what NFS exports`;
  return [
    {
      keys: ["driverOptions", "device"],
      found,
      allowed: "`:` and the path",
      fix: `\`device: ":/${device.replace(/^[:/]+/, "")}"\``,
    },
  ];
}
