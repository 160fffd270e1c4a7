import { isIP } from "node:net";
import { z } from "zod";
import {
  address,
  cidr,
  flag,
  keyed,
  list,
  matching,
  object,
  oneOf,
  secretName,
  whole,
} from "./fields";

const secret = secretName("rackKey");

const host = matching(
  /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/,
  "an address or a host name such as `203.0.113.10`",
);

const user = matching(/^[A-Za-z_][\w.-]*$/, "the name of a user such as `root`");

const hostKey = matching(
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) [A-Za-z0-9+/]+=*( .*)?$/,
  "a host key as in known_hosts, without the host, such as `ssh-ed25519 AAAA…`",
);

const nodeName = matching(
  /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/,
  "a hostname of up to 63 letters, digits, `-` and `.`, such as `db-0`",
);

const machineName = matching(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a name of up to 63 lowercase letters, digits and `-`, such as `db-0`",
);

const key = z.union(
  [
    oneOf("agent"),
    object(
      {
        /** File of the private key on the machine that runs the command; `~` is your home. @default none @example ~/.ssh/id_ed25519 */
        file: matching(
          /^[~/]./,
          "an absolute path, or one below `~`, such as `~/.ssh/id_ed25519`",
        ).optional(),
        /** Name of the secret of this stack that holds the private key. @default none @example rackKey */
        secret: secret.optional(),
        /** Name of the secret that holds the passphrase of the key. @default none @example rackPassphrase */
        passphrase: secret.optional(),
      },
      "{ file: ~/.ssh/id_ed25519 }",
    ),
  ],
  { error: "`agent`, `{ file: ~/.ssh/id_ed25519 }` or `{ secret: rackKey }`" },
);

const jumpHost = object(
  {
    /** Address of the jump host, as the machine before it in the chain sees it. @example 203.0.113.2 */
    address: host,
    /** Port of its sshd. @default 22 */
    port: whole(1, 65535, 22).optional(),
    /** User to log in as. @default that of the machine */
    user: user.optional(),
    /** Key to log in with. @default that of the machine */
    key: key.optional(),
    /** Its host key. @default trusted at the first connection and pinned from then on */
    hostKey: hostKey.optional(),
  },
  "{ address: 203.0.113.2 }",
);

const via = z.union([jumpHost, list(jumpHost, "a list such as `[{ address: 203.0.113.2 }]`")], {
  error: "a jump host such as `{ address: 203.0.113.2 }`, or a list of them",
});

/** How to log in: each machine may have it, and a group for all its machines. */
const login = {
  /** Port of sshd. @default 22 @example 2222 */
  port: whole(1, 65535, 22).optional(),
  /** User to log in as: root, or one who may use sudo. @default root @example ubuntu */
  user: user.optional(),
  /** Key to log in with: that of the SSH agent, a file, or a secret of this stack. @default agent @example { file: ~/.ssh/id_ed25519 } */
  key: key.optional(),
  /** Name of the secret that holds the password that sudo asks for. @default sudo asks for none @example rackSudo */
  sudoPassword: secret.optional(),
  /** Host key as in known_hosts. @default trusted at the first connection and pinned from then on @example ssh-ed25519 AAAA… */
  hostKey: hostKey.optional(),
  /** Jump host through which the machine is reached, or a chain of them, the nearest first. @default none @example { address: 203.0.113.2 } */
  via: via.optional(),
};

const machine = object(
  {
    /** Address or name at which its sshd is reached. @example 203.0.113.10 */
    address: host,
    ...login,
    /** Address at which the other nodes reach it; the machine must have it. @default its address, or that of its default route @example 10.0.0.10 */
    privateAddress: address.optional(),
    /** Where the other nodes reach its WireGuard port, with a mesh: an address or name, with a port if it is not the mesh's. @default its address, behind a jump host its private address @example 203.0.113.10:51820 */
    meshEndpoint: matching(
      /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9]\d{0,4})?$/,
      "an IPv4 address or a host name, with a port or without, such as `203.0.113.10:51820`",
    ).optional(),
    /** Its hostname, which is its name in the swarm. @default the name of the machine @example db-0.example.org */
    nodeName: nodeName.optional(),
  },
  "{ address: 203.0.113.10 }",
);

const network = matching(
  /^[\da-fA-F:.]+\/\d{1,3}$/,
  "a network such as `203.0.113.0/24` or `2001:db8::/32`",
).refine(
  (value) => {
    const [place = "", prefix] = value.split("/");
    return isIP(place) !== 0 && Number(prefix) <= (isIP(place) === 6 ? 128 : 32);
  },
  { error: "a network such as `203.0.113.0/24` or `2001:db8::/32`" },
);

const networks = list(network, "a list such as `[203.0.113.0/24]`");

const ipv4Networks = list(cidr("198.51.100.7/32"), "a list such as `[198.51.100.7/32]`");

const firewall = z.union(
  [
    flag,
    object(
      {
        /** Networks that may reach published ports, beside the nodes. @default none @example [203.0.113.0/24] */
        from: networks.optional(),
        /** Networks of nodes beside the addresses that are known, such as where nodes are seen behind NAT. @default none @example [198.51.100.7/32] */
        nodes: ipv4Networks.optional(),
      },
      "{ from: [203.0.113.0/24] }",
    ),
  ],
  { error: "`true`, `false` or `{ from: [203.0.113.0/24] }`" },
);

const sshConfig = z.union(
  [flag, matching(/^[~/]./, "an absolute path, or one below `~`, such as `~/.ssh/rack`")],
  { error: "`true`, `false` or the path of a file such as `~/.ssh/rack`" },
);

/** Fields that only a group of kind ssh has. */
export const sshGroupFields = {
  /** Existing machines, by name. @default none @example { db-0: { address: 203.0.113.10 } } */
  machines: keyed(
    machineName,
    machine,
    "a map such as `{ db-0: { address: 203.0.113.10 } }`",
  ).optional(),
  ...login,
  /** Reads HostName, Port, User, IdentityFile and ProxyJump of each `address` from `~/.ssh/config`, or from this file; what is written here wins. @default false @example ~/.ssh/rack */
  sshConfig: sshConfig.optional(),
  /** Gives each machine its name in the swarm as its hostname, until it leaves. @default false: another hostname is refused */
  setHostname: flag.optional(),
  /** Where a missing Docker engine comes from: the distribution's packages or Docker's own. @default distribution */
  enginePackages: oneOf("distribution", "docker").optional(),
  /** Version of the package of a Docker engine that is installed. @default the newest @example 5:28.5.1-1~debian.12~bookworm */
  engineVersion: matching(
    /^[A-Za-z0-9][\w.:~+-]*$/,
    "a version as the package manager writes it, such as `26.1.5+dfsg1-9`",
  ).optional(),
  /** Opens the swarm's ports between nodes only, and published ports to nodes and the networks named in `from`. SSH stays open. @default false @example { from: [203.0.113.0/24] } */
  firewall: firewall.optional(),
  /** Removes the Docker engine and its data when a machine leaves. @default false */
  purge: flag.optional(),
};

/** A group's fields of kind ssh as they were written. */
export type FileMachine = z.infer<typeof machine>;
export type FileJumpHost = z.infer<typeof jumpHost>;
export type FileKey = z.infer<typeof key>;
