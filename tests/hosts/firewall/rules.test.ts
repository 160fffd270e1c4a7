import { describe, expect, test } from "vitest";
import { type FirewallArgs, firewallRules } from "../../../components/hosts/machine/firewall/rules";

const args: FirewallArgs = {
  ...{ nodes: ["10.0.0.1", "10.0.0.2"], managerPort: 2377, dataPathPort: 4789, sshPort: 22 },
  published: [
    { port: 8080, protocol: "tcp" },
    { port: 53, protocol: "udp" },
  ],
  from: ["203.0.113.0/24", "2001:db8::/32"],
};
const always = [
  "-i lo -j RETURN",
  "-i docker0 -j RETURN",
  "-i docker_gwbridge -j RETURN",
  "-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
  "-p tcp --dport 22 -j RETURN",
];
const end = [
  "-p tcp -m multiport --dports 2377,7946,8080 -j DROP",
  "-p udp -m multiport --dports 53,4789,7946 -j DROP",
  "-p esp -j DROP",
];

describe("a machine's rules", () => {
  test("open the swarm's ports between nodes, and published ones to the named networks", () => {
    const { ipv4, ipv6 } = firewallRules(args);
    expect(ipv4).toEqual([
      ...always,
      "-s 10.0.0.1 -j RETURN",
      "-s 10.0.0.2 -j RETURN",
      "-s 203.0.113.0/24 -p tcp -m multiport --dports 8080 -j RETURN",
      "-s 203.0.113.0/24 -p udp -m multiport --dports 53 -j RETURN",
      ...end,
    ]);
    expect(ipv6).toEqual([
      ...always,
      "-s 2001:db8::/32 -p tcp -m multiport --dports 8080 -j RETURN",
      "-s 2001:db8::/32 -p udp -m multiport --dports 53 -j RETURN",
      ...end,
    ]);
  });

  test("never close sshd's port, even when a service publishes it", () => {
    const published = [{ port: 2222, protocol: "tcp" }] as const;
    const { ipv4 } = firewallRules({ ...args, sshPort: 2222, published, from: [] });
    expect(ipv4).toContain("-p tcp --dport 2222 -j RETURN");
    expect(ipv4.filter((rule) => /DROP/.test(rule) && /2222/.test(rule))).toEqual([]);
  });

  test("take the ports that the swarm has, and at most fifteen at once", () => {
    const published = Array.from(
      { length: 20 },
      (_, n) => ({ port: 9000 + n, protocol: "tcp" }) as const,
    );
    const own = { managerPort: 7777, dataPathPort: 7789, published, from: [] };
    const dropped = firewallRules({ ...args, ...own }).ipv4.filter((rule) => rule.endsWith("DROP"));
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
});
