import { z } from "zod";
import { durationThat } from "../../model/fields/rules";
import { cidr, duration, flag, list, matching, object, oneOf, text, whole } from "./fields";

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ip = `${octet}(\\.${octet}){3}`;
// The kernel's own limit: 15 letters.
const interfaceName = "[A-Za-z_][\\w.-]{0,14}";
const port = "(6553[0-5]|655[0-2]\\d|65[0-4]\\d{2}|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})";

const place = matching(
  new RegExp(`^(${ip}|${interfaceName})$`),
  "an IPv4 address or an interface such as `eth1`",
);

const placeWithPort = matching(
  new RegExp(`^(${ip}|${interfaceName})(:${port})?$`),
  "an IPv4 address or an interface, with a port or without, such as `eth1` or `eth1:7777`",
);

/** Where nodes are reached by other nodes. A group has the same fields for its own machines. */
export const nodeAddressFields = {
  /** Address or interface at which other nodes reach a node, with the manager's port if it is not 2377. @default the host's private address @example eth1:7777 */
  advertise: placeWithPort.optional(),
  /** Address or interface on which managers listen. @default 0.0.0.0:2377 @example eth1:7777 */
  listen: placeWithPort.optional(),
  /** Address or interface for the traffic of overlay networks. @default the one of `advertise` @example eth2 */
  dataPath: place.optional(),
};

const folder = "the name of a folder on the share such as `blue_swarm`";

const mtu = whole(576, 65535, 1450);

/** Docker refuses less than an hour; more than 2500 hours is more than our durations hold. */
const expiry = durationThat(
  (nanoseconds) => nanoseconds >= 3_600e9 && nanoseconds <= 9_000_000e9,
  ", from `1h` to `2500h`, such as `720h`",
);

/** `swarmyard:swarm`: settings of the swarm itself. */
export const swarmSchema = object({
  /** Host that starts the swarm. @default the first manager */
  firstManager: text("the name of a manager").optional(),
  /** Takes over the swarm that the existing machines are in, as it is: nothing in it restarts or leaves. @default false: a machine in another swarm is refused */
  adopt: flag.optional(),
  /** With `adopt`: `down` ends that swarm, and a machine that is removed leaves it. @default false: the swarm stays as it was found */
  dissolve: flag.optional(),
  /** Networks from which swarm gives subnets to networks without one. Only for a new swarm. @default [10.200.0.0/16] */
  addressPools: list(cidr("10.200.0.0/16"), "a list such as `[10.200.0.0/16]`").optional(),
  /** Prefix length of the subnets that swarm takes from these pools. Only for a new swarm. @default 24 */
  addressPoolMask: whole(8, 29, 24).optional(),
  /** Network from which networks of platforms get their subnets. @default 10.201.0.0/16 */
  platformPool: cidr("10.201.0.0/16").optional(),
  /** UDP port of overlay networks. Only for a new swarm. @default 4789 */
  dataPathPort: whole(1024, 49151, 4789).optional(),
  ...nodeAddressFields,
  /** One private network of all existing machines, over WireGuard: only its UDP port must be open between them, and nodes use its addresses. @default none @example wireguard */
  mesh: z
    .union(
      [
        oneOf("wireguard"),
        object(
          {
            /** Its addresses; each node has one of its own. @default 10.203.0.0/16 */
            subnet: cidr("10.203.0.0/16").optional(),
            /** UDP port of each node. @default 51820 */
            port: whole(1, 65535, 51820).optional(),
            /** Largest packet in the tunnel in bytes, 60 below that of the machines' networks, or 80 over IPv6. @default 1420 */
            mtu: whole(626, 65535, 1420).optional(),
          },
          "{ port: 51820 }",
        ),
      ],
      { error: "`wireguard`, or a map such as `{ subnet: 10.203.0.0/16, port: 51820 }`" },
    )
    .optional(),
  /** The network of published ports. Changed only while no service publishes a port through it. @default Docker's */
  ingress: object({
    /** Its addresses. @default taken from `addressPools` @example 10.202.0.0/16 */
    subnet: cidr("10.202.0.0/16").optional(),
    /** Largest packet in bytes. @default that of `mtu` */
    mtu: mtu.optional(),
  }).optional(),
  /** Largest packet in bytes of overlay networks that state none, 50 below that of the machines' network. @default 1450, with a mesh 50 below that of the mesh */
  mtu: mtu.optional(),
  /** Encrypts overlay networks that do not say otherwise. @default false */
  encrypted: flag.optional(),
  /** A manager whose Docker engine restarts needs the unlock key; `up` enters it. @default false */
  autolock: flag.optional(),
  /** Any text; another one gives the swarm a new unlock key. @default none @example 2026-11 */
  rotateUnlockKey: text("text such as `2026-11`").optional(),
  /** How long certificates of nodes are valid; they are renewed before. @default 2160h */
  certificateExpiry: expiry.optional(),
  /** Ended tasks that swarm keeps for each task slot. @default 5 */
  taskHistory: whole(0, 1000, 5).optional(),
  /** New join tokens after each run that joined nodes. @default false */
  rotateTokens: flag.optional(),
  /** Writes a manager's address and the join tokens to the share, or to a folder on it, readable by root only. @default false @example blue_swarm */
  tokenFiles: z
    .union([flag, matching(/^(?!\.{1,2}$)[\w.-]+$/, folder)], {
      error: `\`true\`, \`false\` or ${folder}`,
    })
    .optional(),
  /** Endpoint mode of services that state none: virtual address or DNS. @default vip */
  discovery: oneOf("vip", "dnsrr").optional(),
  /** Publish mode of ports that state none. @default ingress */
  publish: oneOf("ingress", "host").optional(),
  /** Hostname of tasks whose service states none: the container's id, or the service's name and the task's slot for programs that read it of every service. @default container */
  hostname: oneOf("container", "task").optional(),
  /** How long the tasks of a node may take to end when it leaves. @default 1m */
  drainTimeout: duration.optional(),
  /** Age from which `npm run up` removes images that nothing uses from the nodes. @default images stay @example 168h */
  pruneImages: duration.optional(),
});
