// cspell:words addrtype
import { describe, expect, test } from "vitest";
import { type FirewallArgs, firewallRules } from "../../../components/hosts/machine/firewall/rules";

const args: FirewallArgs = {
  ...{ nodes: ["10.0.0.1", "10.0.0.2"], managerPorts: [2377], dataPathPort: 4789 },
  sshPorts: [22],
  hostPorts: [{ port: 53, protocol: "udp" }],
  from: ["203.0.113.0/24", "2001:db8::/32"],
};
const own = ["-i docker0 -j RETURN", "-i docker_gwbridge -j RETURN"];
const answers = "-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN";
const always = ["-i lo -j RETURN", ...own, answers, "-p tcp --dport 22 -j RETURN"];
const arrivingEnd = [
  "-p tcp -m multiport --dports 2377,7946 -j DROP",
  "-p udp -m multiport --dports 53,4789,7946 -j DROP",
  "-p esp -j DROP",
];
const forwardedBegin = [...own, answers, "-m conntrack --ctproto tcp --ctorigdstport 22 -j RETURN"];
const forwardedEnd = [
  "-o docker0 -j DROP",
  "-o docker_gwbridge -j DROP",
  "-o br-+ -m conntrack --ctstate DNAT -j DROP",
];

describe("a machine's rules", () => {
  test("open the swarm's ports between nodes, and published ones to the named networks", () => {
    const { nodes, ipv4, ipv6 } = firewallRules(args);
    expect(nodes).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(ipv4).toEqual({
      arriving: [
        ...always,
        "-s 203.0.113.0/24 -p udp -m multiport --dports 53 -j RETURN",
        ...arrivingEnd,
      ],
      forwarded: [...forwardedBegin, "-s 203.0.113.0/24 -j RETURN", ...forwardedEnd],
    });
    expect(ipv6).toEqual({
      arriving: [
        ...always,
        "-s 2001:db8::/32 -p udp -m multiport --dports 53 -j RETURN",
        ...arrivingEnd,
      ],
      forwarded: [...forwardedBegin, "-s 2001:db8::/32 -j RETURN", ...forwardedEnd],
    });
  });

  test("keep the machine's own containers from the swarm's ports and NFS, here and elsewhere", () => {
    const asked = "-m conntrack --ctdir ORIGINAL";
    const kept = [
      "-p tcp -m multiport --dports 2049,2377,7946 -j DROP",
      "-p udp -m multiport --dports 4789,7946 -j DROP",
    ];
    const bridges = ["docker0", "docker_gwbridge", "br-+"];
    expect(firewallRules(args).containers).toEqual({
      arriving: bridges.flatMap((bridge) =>
        kept.map((rule) => `-i ${bridge} -m addrtype --dst-type LOCAL ${asked} ${rule}`),
      ),
      // Containers of one bridge may ask each other.
      forwarded: bridges.flatMap((bridge) =>
        kept.map((rule) => `-i ${bridge} ! -o ${bridge} ${asked} ${rule}`),
      ),
    });
  });

  test("never close a port of sshd, even when a service publishes it", () => {
    const hostPorts = [{ port: 2222, protocol: "tcp" }] as const;
    const { ipv4 } = firewallRules({ ...args, sshPorts: [2222, 22], hostPorts, from: [] });
    expect(ipv4.arriving).toContain("-p tcp --dport 22 -j RETURN");
    expect(ipv4.arriving).toContain("-p tcp --dport 2222 -j RETURN");
    expect(ipv4.arriving.filter((rule) => /DROP/.test(rule) && /22/.test(rule))).toEqual([]);
    expect(ipv4.forwarded).toContain("-m conntrack --ctproto tcp --ctorigdstport 2222 -j RETURN");
  });

  test("take the ports that the swarm has, and at most fifteen at once", () => {
    const hostPorts = Array.from(
      { length: 20 },
      (_, n) => ({ port: 9000 + n, protocol: "tcp" }) as const,
    );
    const chosen = { managerPorts: [7777], dataPathPort: 7789, hostPorts, from: [] };
    const { arriving } = firewallRules({ ...args, ...chosen }).ipv4;
    const dropped = arriving.filter((rule) => rule.endsWith("DROP"));
    expect(dropped.map((rule) => rule.split(",").length)).toEqual([15, 7, 2, 1]);
    expect(dropped[0]).toContain("--dports 7777,7946,9000,");
    expect(dropped[2]).toBe("-p udp -m multiport --dports 7789,7946 -j DROP");
  });

  test("open the swarm's ports in other firewalls, which would refuse them", () => {
    const { ufw, firewalld } = firewallRules({ ...args, nodes: ["10.0.0.2"] });
    expect(ufw).toEqual([
      "allow proto tcp from 10.0.0.2 to any port 2377,7946",
      "allow proto udp from 10.0.0.2 to any port 4789,7946",
      "allow proto esp from 10.0.0.2",
    ]);
    const rich = (what: string) => `rule family="ipv4" source address="10.0.0.2" ${what} accept`;
    expect(firewalld).toEqual([
      rich('port port="2377" protocol="tcp"'),
      rich('port port="7946" protocol="tcp"'),
      rich('port port="4789" protocol="udp"'),
      rich('port port="7946" protocol="udp"'),
      rich('protocol value="esp"'),
    ]);
  });

  const door = { port: 51821, from: [], subnet: "10.203.0.0/16", tunnel: "swarmyard" };

  test("drop what claims an address of the mesh and came out of no tunnel, before anything lets it in", () => {
    const meshed = firewallRules({ ...args, mesh: door }).containers;
    const plain = firewallRules(args).containers;
    expect(meshed).toEqual({
      arriving: [
        // The machine reaches its own address of the mesh this way.
        "-i lo -j RETURN",
        "! -i swarmyard -s 10.203.0.0/16 -j DROP",
        ...plain.arriving,
      ],
      forwarded: plain.forwarded,
    });
  });

  test("open the mesh's port in other firewalls, also to where machines are reached, and close it to nobody", () => {
    const mesh = { ...door, from: ["203.0.113.9", "10.0.0.2", "2001:db8::9"] };
    const plain = firewallRules({ ...args, nodes: ["10.0.0.2"] });
    const meshed = firewallRules({ ...args, nodes: ["10.0.0.2"], mesh });
    expect([meshed.ipv4, meshed.ipv6]).toEqual([plain.ipv4, plain.ipv6]);
    const peers = ["10.0.0.2", "2001:db8::9", "203.0.113.9"];
    expect(meshed.ufw).toEqual([
      ...plain.ufw,
      ...peers.map((peer) => `allow proto udp from ${peer} to any port 51821`),
    ]);
    const opened = 'port port="51821" protocol="udp" accept';
    expect(meshed.firewalld).toEqual([
      ...plain.firewalld,
      `rule family="ipv4" source address="10.0.0.2" ${opened}`,
      `rule family="ipv6" source address="2001:db8::9" ${opened}`,
      `rule family="ipv4" source address="203.0.113.9" ${opened}`,
    ]);
  });

  test("of a machine that serves NFS let only nodes reach it", () => {
    const { ipv4, ipv6, ufw, firewalld } = firewallRules({
      ...{ ...args, nodes: ["10.0.0.2"], hostPorts: [] },
      servesNfs: true,
    });
    const closed = "-p tcp -m multiport --dports 2049,2377,7946 -j DROP";
    expect([ipv4, ipv6].map(({ arriving }) => arriving.includes(closed))).toEqual([true, true]);
    expect(ufw[0]).toBe("allow proto tcp from 10.0.0.2 to any port 2049,2377,7946");
    expect(firewalld[0]).toBe(
      'rule family="ipv4" source address="10.0.0.2" port port="2049" protocol="tcp" accept',
    );
  });
});
