import { printable } from "../../model/printable";
import { fingerprint, type Login, LoginError } from "../login";
import type { Complaint } from "./complaint";
import type { MachineFacts, Probed } from "./facts";
import { adoptionComplaints, notAdopted } from "./membership";

export type { Complaint } from "./complaint";

/** What the environment asks of a machine. */
export interface Wanted {
  /** Its hostname in the swarm. */
  readonly nodeName: string;
  /** It gets that hostname. */
  readonly setHostname: boolean;
  /** Address that it must have. */
  readonly privateAddress?: string;
  /** The environment that it belongs to: `<project>/<stack>`. */
  readonly owner: string;
  /** Where a missing Docker engine comes from. @default "distribution" */
  readonly packages?: "distribution" | "docker";
  /** Names of all nodes of the environment: the swarm that it is in is taken over. @default it must be in none */
  readonly adopts?: readonly string[];
}

const GIB = 2 ** 30;
/** What installing a Docker engine and pulling a small image takes. */
const LEAST_FREE = 2 * GIB;
/** Certificates of a new swarm are valid from about then on. */
const MOST_SKEW_SECONDS = 60;
/** Older Docker engines lack parts of the swarm's API. */
const LEAST_API = 24;

/** Everything that keeps a machine from becoming a node. Pure. */
export function complaintsOf(
  probed: Probed,
  wanted: Wanted,
  nowSeconds: number,
): readonly Complaint[] {
  return [
    ...systemComplaints(probed, wanted),
    ...engineComplaints(probed),
    ...belongingComplaints(probed, wanted),
    ...resourceComplaints(probed.facts, probed.time, nowSeconds),
    ...nameComplaints(probed.facts, wanted),
  ];
}

function systemComplaints(
  { facts: { os }, has, kernel, dockerd }: Probed,
  { packages = "distribution" }: Wanted,
): readonly Complaint[] {
  if (kernel !== "Linux") {
    return [{ found: `its system is ${kernel || "unknown"}`, fix: "a machine with Linux" }];
  }
  const installed = dockerd && has.includes("docker");
  const lacksEngine = /\brhel\b/.test(os.like) && os.id !== "amzn";
  if (!installed && lacksEngine && packages === "distribution") {
    const found = `${os.name}, whose packages have no Docker engine`;
    return [{ found, fix: "`enginePackages: docker` in the group, or install one" }];
  }
  if (has.includes("apt-get") || has.includes("dnf")) return [];
  const found = `${os.name || "a system without os-release"}, which has neither apt-get nor dnf`;
  return [{ found, fix: "Debian, Ubuntu, Amazon Linux 2023, or a system of the RHEL family" }];
}

const unusable = {
  snap: {
    found: "its Docker engine is a snap, which cannot use folders outside its own",
    fix: "`sudo snap remove docker`; the next run installs the distribution's package",
  },
  podman: {
    found: "its docker command is podman's, which has no swarm mode",
    fix: "remove podman-docker; the next run installs a Docker engine",
  },
  rootless: {
    found: "its Docker engine runs without root, which cannot have overlay networks",
    fix: "`dockerd-rootless-setuptool.sh uninstall` as that user; the next run installs one with root",
  },
} as const;

function engineComplaints(probed: Probed): readonly Complaint[] {
  const { facts, engineError, badSettings } = probed;
  const complaints: Complaint[] = [];
  if (probed.unusable !== undefined) complaints.push(unusable[probed.unusable]);
  const minor = Number(facts.engine?.api.split(".")[1] ?? LEAST_API);
  if (facts.engine !== undefined && minor < LEAST_API) {
    const { version, api } = facts.engine;
    const found = `its Docker engine ${version} has API ${api}, and 1.${LEAST_API} is the oldest`;
    complaints.push({ found, fix: "update its Docker engine" });
  }
  if (probed.unusable === undefined && engineError !== undefined) {
    const found = `its Docker engine does not answer: ${engineError}`;
    complaints.push({ found, fix: "`systemctl status docker` there" });
  }
  if (badSettings) {
    const found = "its /etc/docker/daemon.json is not valid JSON";
    complaints.push({ found, fix: "correct that file, or remove it" });
  }
  return complaints;
}

function belongingComplaints(probed: Probed, wanted: Wanted): readonly Complaint[] {
  const { facts, owner, busy, membership } = probed;
  if (owner !== undefined && owner !== wanted.owner) {
    const found = `it belongs to the environment ${owner}`;
    const fix =
      "remove it there first; if that environment is gone: `docker swarm leave --force; rm -r /var/lib/swarmyard` on it";
    return [{ found, fix }];
  }
  if (owner !== undefined) return [];
  const { swarm = "inactive" } = facts;
  const { adopts, setHostname, nodeName } = wanted;
  if (swarm !== "inactive") {
    if (adopts === undefined) return [notAdopted(swarm)];
    const { hostname } = facts;
    return adoptionComplaints(membership, { adopts, setHostname }, { hostname, nodeName });
  }
  if (busy.length === 0) return [];
  const found = `something listens on ${busy.join(", ")}, which the swarm needs`;
  return [{ found, fix: "`ss -lntup` there shows what; end it" }];
}

function resourceComplaints(
  { free, disk }: MachineFacts,
  time: number,
  now: number,
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (free < LEAST_FREE) {
    const found = `its disk is full: ${gib(free)} of ${gib(disk)} are free for the Docker engine`;
    complaints.push({ found, fix: `free ${gib(LEAST_FREE)}: \`docker system df\`, \`df -h\`` });
  }
  const skew = Math.abs(time - now);
  if (skew > MOST_SKEW_SECONDS) {
    const found = `its clock is ${Math.round(skew)} s ${time > now ? "ahead" : "behind"}; certificates of the swarm would not be valid`;
    complaints.push({ found, fix: "`timedatectl set-ntp true` there" });
  }
  return complaints;
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

function nameComplaints(facts: MachineFacts, wanted: Wanted): readonly Complaint[] {
  const { nodeName, setHostname, privateAddress } = wanted;
  const complaints: Complaint[] = [];
  if (facts.hostname !== nodeName && !setHostname) {
    const found = `its hostname is ${facts.hostname}, and its name in the swarm would be ${nodeName}`;
    const fix = `\`nodeName: ${facts.hostname}\` to keep it, or \`setHostname: true\` in the group to change it until the machine leaves`;
    complaints.push({ found, fix });
  }
  const addresses = facts.interfaces.map(({ address }) => address.replace(/\/.*/, ""));
  if (privateAddress !== undefined && !addresses.includes(privateAddress)) {
    const found = `it does not have the address ${privateAddress}; it has ${addresses.join(", ") || "none"}`;
    complaints.push({ found, fix: "`privateAddress` as one of these, or leave it out" });
  }
  return complaints;
}

/** Why a machine did not let us in, and what to do. Pure. */
export function complaintOfLogin(error: unknown): Complaint {
  if (!(error instanceof LoginError)) {
    const found = printable(error instanceof Error ? error.message : String(error));
    return { found, fix: "`ssh` to it by hand shows more" };
  }
  const found =
    error.trouble === "refused" ? `nothing listens there: ${error.message}` : error.message;
  return { found, fix: fixOf(error) };
}

function fixOf({ trouble, at, found }: LoginError): string {
  const { host, port, user } = at;
  switch (trouble) {
    case "key file":
      return "the path of your private key as `key: { file: … }`";
    case "locked key":
      return "`passphrase: <name of a secret>` beside the key, or `ssh-add` and `key: agent`";
    case "passphrase":
      return "set the secret with the passphrase again: `npm run secret -- set <name>`";
    case "bad key":
      return "a private key in OpenSSH or PEM form";
    case "agent":
      return "`eval $(ssh-agent); ssh-add`, or `key: { file: ~/.ssh/id_ed25519 }`";
    case "name":
      return `correct \`address: ${host}\``;
    case "refused":
      return `start sshd there, or correct \`port: ${port}\``;
    case "silent":
      return `check that the machine runs, that \`address: ${host}\` and \`port: ${port}\` are right, and that no firewall blocks this machine; behind a jump host it needs \`via\``;
    case "host key":
      return found === undefined
        ? "if it was reinstalled on purpose: its new key as `hostKey`"
        : `if it was reinstalled on purpose: \`hostKey: ${found}\`; otherwise somebody may be in between: do not continue`;
    case "login":
      return `correct \`user: ${user}\` or \`key\`, or add the public key to the authorized_keys of ${user} there`;
    default:
      return "`ssh` to it by hand shows more";
  }
}

/** Why sudo did not make us root; undefined when it was not sudo that failed. Pure. */
export function complaintOfSudo(
  stderr: string,
  { user }: Pick<Login, "user">,
  hasPassword: boolean,
): Complaint | undefined {
  if (/password is required|no password was provided|terminal is required/i.test(stderr)) {
    const found = `sudo asks ${user} for a password`;
    const fix = "`sudoPassword: <name of a secret>`, or a rule with NOPASSWD in sudoers";
    return { found, fix };
  }
  if (hasPassword && /incorrect password|try again/i.test(stderr)) {
    const found = `sudo refuses the password of ${user}`;
    return { found, fix: "set the secret of `sudoPassword` again: `npm run secret -- set <name>`" };
  }
  if (/not in the sudoers|not allowed to|may not run sudo/i.test(stderr)) {
    const fix = `\`usermod -aG sudo ${user}\` there, or another \`user\``;
    return { found: `${user} may not use sudo`, fix };
  }
  if (/must have a tty/i.test(stderr)) {
    const fix = `\`Defaults:${user} !requiretty\` in sudoers`;
    return { found: "sudo wants a terminal", fix };
  }
  if (/sudo: (command )?not found|sudo: No such file/i.test(stderr)) {
    return {
      found: `${user} is not root, and there is no sudo`,
      fix: "install sudo, or `user: root`",
    };
  }
  return undefined;
}

/** A trusted host key, as it is shown. */
export function trustedText(name: string, hostKey: string): string {
  return `${name}: trusting the host key ${hostKey.split(" ")[0]} ${fingerprint(hostKey)} from now on`;
}
