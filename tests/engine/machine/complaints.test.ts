import { expect, test } from "vitest";
import { LoginError, type Trouble } from "../../../components/engine/login";
import {
  complaintOfLogin,
  complaintOfSudo,
  complaintsOf,
  type Wanted,
} from "../../../components/engine/machine/complaints";
import { privateAddressOf, readProbe } from "../../../components/engine/machine/facts";

/** What a good machine without a Docker engine prints. */
const bare = {
  kernel: "Linux",
  arch: "x86_64",
  osId: "debian",
  osVersion: "12",
  osName: "Debian GNU/Linux 12 (bookworm)",
  hostname: "db-0",
  machineId: "abc",
  time: "1000",
  cpus: "4",
  memory: "8589934592",
  disk: "107374182400",
  free: "53687091200",
  route: "eth0",
};
const lists = [
  "has=bash",
  "has=apt-get",
  "interface=eth1 10.0.0.10/24 9000",
  "interface=eth0 192.0.2.10/24 1500",
];
const wanted: Wanted = { nodeName: "db-0", setHostname: false, owner: "yard/prod" };

function print(changes: { readonly [key: string]: string } = {}, more: readonly string[] = lists) {
  const pairs = Object.entries({ ...bare, ...changes }).map(([key, value]) => `${key}=${value}`);
  return [...pairs, ...more].join("\n");
}

function complaints(
  changes: { readonly [key: string]: string },
  asked: Partial<Wanted> = {},
  more = lists,
): readonly string[] {
  const all = complaintsOf(readProbe(print(changes, more)), { ...wanted, ...asked }, 1000);
  return all.map(({ found, fix }) => `${found} | ${fix}`);
}

test("what a machine prints becomes facts", () => {
  const more = [
    ...lists,
    "gpu=GPU-1 NVIDIA A10G",
    "a line of something else",
    "swarm=inactive",
    "busy=7946/tcp",
    "busy=7946/tcp",
  ];
  const probed = readProbe(print({ engine: "26.1.5", api: "1.45", osLike: "" }, more));
  expect(probed.facts).toEqual({
    os: { id: "debian", like: "", version: "12", name: "Debian GNU/Linux 12 (bookworm)" },
    architecture: "x86_64",
    hostname: "db-0",
    machineId: "abc",
    cpus: 4,
    memory: 8 * 2 ** 30,
    disk: 100 * 2 ** 30,
    free: 50 * 2 ** 30,
    interfaces: [
      { name: "eth1", address: "10.0.0.10/24", mtu: 9000 },
      { name: "eth0", address: "192.0.2.10/24", mtu: 1500 },
    ],
    route: "eth0",
    gpus: ["GPU-1 NVIDIA A10G"],
    engine: { version: "26.1.5", api: "1.45" },
    swarm: "inactive",
  });
  expect([probed.has, probed.busy]).toEqual([["bash", "apt-get"], ["7946/tcp"]]);
  expect(readProbe(print()).facts).not.toHaveProperty("engine");
});

test("the private address is the one asked for, the one that is dialed, or that of the default route", () => {
  const { facts } = readProbe(print());
  expect(privateAddressOf(facts, "203.0.113.1", "10.9.9.9")).toBe("10.9.9.9");
  expect(privateAddressOf(facts, "10.0.0.10")).toBe("10.0.0.10");
  expect(privateAddressOf(facts, "203.0.113.1")).toBe("192.0.2.10");
  expect(privateAddressOf({ interfaces: [] }, "203.0.113.1")).toBeUndefined();
});

test("what is not an IPv4 address is left out, because other machines use it in their scripts", () => {
  const said = [
    "interface=eth0 $(touch${IFS}/tmp/pwned) 1500",
    "interface=eth0 10.0.0.1;reboot/24 1500",
    "interface=eth0 host.example.org/24 1500",
    "interface=eth0 fd00::1/64 1500",
    "interface=eth0 10.0.0.300/24 1500",
    "interface=eth0 10.0.0.1/24/x 1500",
    "interface=eth0",
  ];
  const { facts } = readProbe(print({}, [...said, "interface=eth1 10.0.0.10/24 9000"]));
  expect(facts.interfaces).toEqual([{ name: "eth1", address: "10.0.0.10/24", mtu: 9000 }]);
  expect(privateAddressOf(facts, "203.0.113.1")).toBe("10.0.0.10");
  expect(privateAddressOf(readProbe(print({}, said)).facts, "203.0.113.1")).toBeUndefined();
});

test.each<[string, { readonly [key: string]: string }, Partial<Wanted>, readonly string[]]>([
  ["a good machine without a Docker engine", {}, {}, []],
  [
    "a good machine with an old Docker engine",
    { engine: "1.12", api: "1.24", swarm: "inactive" },
    {},
    [],
  ],
  ["this environment's own node", { swarm: "active", owner: "yard/prod" }, {}, []],
  [
    "another hostname",
    { hostname: "ubuntu-4gb" },
    {},
    [
      "its hostname is ubuntu-4gb, and its name in the swarm would be db-0 | `nodeName: ubuntu-4gb` to keep it, or `setHostname: true` in the group to change it until the machine leaves",
    ],
  ],
  ["another hostname that may be changed", { hostname: "x" }, { setHostname: true }, []],
  [
    "an address that it does not have",
    {},
    { privateAddress: "10.0.0.99" },
    [
      "it does not have the address 10.0.0.99; it has 10.0.0.10, 192.0.2.10 | `privateAddress` as one of these, or leave it out",
    ],
  ],
  [
    "another swarm",
    { engine: "26", api: "1.45", swarm: "active" },
    {},
    [
      "it is in another swarm (active) | take it out there: `docker node update --availability drain`, then `docker swarm leave` on it; or take that swarm over as it is: `adopt: true` in swarmyard:swarm, see `npm run adopt`",
    ],
  ],
  [
    "another environment",
    { owner: "yard/dev", swarm: "active" },
    {},
    [
      "it belongs to the environment yard/dev | remove it there first; if that environment is gone: `docker swarm leave --force; rm -r /var/lib/swarmyard` on it",
    ],
  ],
  [
    "a full disk and a wrong clock, both at once",
    { free: "1073741824", time: "700" },
    {},
    [
      "its disk is full: 1.0 GiB of 100.0 GiB are free for the Docker engine | free 2.0 GiB: `docker system df`, `df -h`",
      "its clock is 300 s behind; certificates of the swarm would not be valid | `timedatectl set-ntp true` there",
    ],
  ],
  [
    "a Docker engine that is too old",
    { engine: "1.11", api: "1.23" },
    {},
    ["its Docker engine 1.11 has API 1.23, and 1.24 is the oldest | update its Docker engine"],
  ],
  [
    "a snap",
    { snap: "yes" },
    {},
    [
      "its Docker engine is a snap, which cannot use folders outside its own | `sudo snap remove docker`; the next run installs the distribution's package",
    ],
  ],
  [
    "a Docker engine without root",
    { rootless: "/run/user/1000/docker.sock" },
    {},
    [
      "its Docker engine runs without root, which cannot have overlay networks | `dockerd-rootless-setuptool.sh uninstall` as that user; the next run installs one with root",
    ],
  ],
  [
    "podman's docker, a Docker engine that does not answer, and settings that are not JSON",
    { podman: "yes", badSettings: "yes" },
    {},
    [
      "its docker command is podman's, which has no swarm mode | remove podman-docker; the next run installs a Docker engine",
      "its /etc/docker/daemon.json is not valid JSON | correct that file, or remove it",
    ],
  ],
  [
    "a Docker engine that does not answer",
    { engineError: "permission denied" },
    {},
    ["its Docker engine does not answer: permission denied | `systemctl status docker` there"],
  ],
])("%s", (_, changes, asked, expected) => {
  expect(complaints(changes, asked)).toEqual(expected);
});

test("what a machine says of itself cannot command a terminal or a workflow's runner", () => {
  const start = String.fromCharCode(27);
  const facts = readProbe(
    print({ osName: `${start}[2JDebian\r`, hostname: `::add-mask::${start}]0;x\u0007db` }),
  );
  expect(facts.facts.os.name).toBe("Debian");
  expect(facts.facts.hostname).toBe(": :add-mask::db");
  expect(complaints({ engineError: `##[error]${start}[31mno` })).toEqual([
    "its Docker engine does not answer: # #[error]no | `systemctl status docker` there",
  ]);
  const login = { host: "h", port: 22, user: "u" };
  expect(complaintOfLogin(new LoginError("other", `${start}[2J::stop::`, login)).found).toBe(
    ": :stop::",
  );
  expect(complaintOfLogin(new Error(`${start}[2Jlate`)).found).toBe("late");
});

test("systems that we cannot install on are refused", () => {
  expect(complaints({ osName: "Alpine Linux v3.20" }, {}, ["has=bash"])).toEqual([
    "Alpine Linux v3.20, which has neither apt-get nor dnf | Debian, Ubuntu, Amazon Linux 2023, or a system of the RHEL family",
  ]);
  expect(complaints({ kernel: "FreeBSD" })).toEqual([
    "its system is FreeBSD | a machine with Linux",
  ]);
});

test("a system of the RHEL family has a Docker engine only in Docker's own packages", () => {
  const rocky = { osId: "rocky", osLike: "rhel centos fedora", osName: "Rocky Linux 9" };
  const dnf = ["has=bash", "has=dnf"];
  expect(complaints(rocky, {}, dnf)).toEqual([
    "Rocky Linux 9, whose packages have no Docker engine | `enginePackages: docker` in the group, or install one",
  ]);
  expect(complaints(rocky, { packages: "docker" }, dnf)).toEqual([]);
  expect(complaints({ ...rocky, dockerd: "yes" }, {}, [...dnf, "has=docker"])).toEqual([]);
  expect(complaints({ osId: "amzn", osLike: "fedora" }, {}, dnf)).toEqual([]);
});

test("ports that something holds are named", () => {
  expect(complaints({}, {}, [...lists, "busy=2377/tcp", "busy=4789/udp"])).toEqual([
    "something listens on 2377/tcp, 4789/udp, which the swarm needs | `ss -lntup` there shows what; end it",
  ]);
});

const at = { host: "203.0.113.10", port: 22, user: "ubuntu" };

test.each<[Trouble, string]>([
  ["refused", "start sshd there, or correct `port: 22`"],
  [
    "login",
    "correct `user: ubuntu` or `key`, or add the public key to the authorized_keys of ubuntu there",
  ],
  ["locked key", "`passphrase: <name of a secret>` beside the key, or `ssh-add` and `key: agent`"],
  ["agent", "`eval $(ssh-agent); ssh-add`, or `key: { file: ~/.ssh/id_ed25519 }`"],
  ["name", "correct `address: 203.0.113.10`"],
])("a login that failed says what to do: %s", (trouble, fix) => {
  expect(complaintOfLogin(new LoginError(trouble, "why", at)).fix).toBe(fix);
});

test("a changed host key is a warning, and says how to accept it", () => {
  const { fix } = complaintOfLogin(new LoginError("host key", "why", at, "ssh-ed25519 NEW"));
  expect(fix).toBe(
    "if it was reinstalled on purpose: `hostKey: ssh-ed25519 NEW`; otherwise somebody may be in between: do not continue",
  );
});

test.each([
  ["sudo: a password is required", false, "sudo asks ubuntu for a password"],
  ["sudo: a terminal is required to read the password", false, "sudo asks ubuntu for a password"],
  ["sudo: 1 incorrect password attempt", true, "sudo refuses the password of ubuntu"],
  ["ubuntu is not in the sudoers file.", true, "ubuntu may not use sudo"],
  ["sudo: sorry, you must have a tty to run sudo", false, "sudo wants a terminal"],
])("%s", (stderr, hasPassword, found) => {
  expect(complaintOfSudo(stderr, at, hasPassword)?.found).toBe(found);
});

test("what is not sudo's is not blamed on it", () => {
  expect(complaintOfSudo("df: no such file", at, true)).toBeUndefined();
});
