import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../components/engine/endpoints";
import {
  countScript,
  lookScript,
  readScript,
  tryScript,
} from "../../components/observe/reach/scripts";
import { declaredIn } from "../../tools/commands/reach";
import { checkReach, type Declared, renderReach } from "../../tools/report/reach";
import { localHost } from "../local-environment";

const hosts: readonly Declared[] = [
  { name: "m", role: "manager", managerPort: 7777, advertise: "eth0" },
  { name: "w", role: "worker", managerPort: 2377 },
];
const addresses: { readonly [host: string]: string } = { m: "10.0.0.1", w: "10.0.0.2" };

/** Hosts that answer each script; `blocked` packets do not arrive, and `broken` scripts fail. */
function machines(blocked: readonly string[] = [], broken: readonly string[] = []) {
  const asked: string[] = [];
  const run = async (host: string, script: string, input: string): Promise<string> => {
    const names = new Map([
      [lookScript.text, "look"],
      [countScript.text, "count"],
      [tryScript.text, "try"],
      [readScript, "read"],
    ]);
    const what = names.get(script) ?? "";
    asked.push(`${host} ${what} ${JSON.stringify(input)}`);
    if (broken.includes(`${host} ${what}`)) throw new Error("no answer within 20 s");
    const from = host === "m" ? addresses.w : addresses.m;
    const count = (port: number) =>
      `counted ${from} ${port} ${blocked.includes(`${host} ${port}`) ? 0 : 3}`;
    if (what === "look") return `address ${addresses[host]}\nlistens 7777\n`;
    if (what === "read") return `${count(7946)}\n${count(7789)}\n`;
    if (what === "try") return input.replace(/^(.*)\n.*\n$/, (_, tcp: string) => tried(tcp));
    return "";
  };
  return { asked, run };
}

const tried = (places: string) =>
  places
    .split(" ")
    .map((place) => `tcp ${place} open\n`)
    .join("");

describe("npm run reach", () => {
  test("tries every port in both directions, in four steps", async () => {
    const { asked, run } = machines();
    const checked = await checkReach(hosts, 7789, run);
    expect(renderReach(checked)).toEqual(["Between all nodes every port of the swarm is open."]);
    expect(asked).toEqual([
      'm look "eth0\\n"',
      'w look "\\n"',
      'm count "10.0.0.2\\n7946 7789\\n"',
      'w count "10.0.0.1\\n7946 7789\\n"',
      'm try "10.0.0.2:7946\\n10.0.0.2:7946 10.0.0.2:7789\\n"',
      'w try "10.0.0.1:7777 10.0.0.1:7946\\n10.0.0.1:7946 10.0.0.1:7789\\n"',
      'm read ""',
      'w read ""',
    ]);
  });

  test("shows what is blocked as a table with what opens it", async () => {
    const checked = await checkReach(hosts, 7789, machines(["w 7789"]).run);
    expect(renderReach(checked)).toEqual([
      "FROM  TO  PORT      BLOCKED",
      "m     w   7789/udp  no packet of three arrived",
      "  what to do: open 7789/udp on w for 10.0.0.1, in its own firewall and in that of its provider; with ufw, for the first: ufw allow from 10.0.0.1 to any port 7789 proto udp",
    ]);
  });

  test("leaves out a node whose address others would run", async () => {
    const { run, asked } = machines();
    const evil: typeof run = async (host, script, input) =>
      host === "w" && script === lookScript.text
        ? "address $(touch${IFS}/tmp/pwned)\n"
        : run(host, script, input);
    const checked = await checkReach(hosts, 7789, evil);
    expect(renderReach(checked)).toEqual([
      'w could not be asked: it names "$(touch${IFS}/tmp/pwned)" as the place where others reach it, not an IPv4 address',
    ]);
    expect(asked.filter((line) => line.includes("pwned"))).toEqual([]);
  });

  test("says what it could not find out", async () => {
    const silent = await checkReach(hosts, undefined, machines([], ["w look"]).run);
    expect(renderReach(silent)).toEqual(["w could not be asked: no answer within 20 s"]);
    const partly = await checkReach(hosts, 7789, machines([], ["w count"]).run);
    expect(renderReach(partly)).toEqual(["It is not known which UDP packets reach w."]);
  });
});

test("hosts are those that can be reached, with what the settings say of them", () => {
  const endpoint = (name: string, role: Endpoint["role"]) => ({ name, role }) as Endpoint;
  const known = [localHost("m", { addresses: { advertise: "eth0", listen: "eth0:7777" } })];
  const endpoints = [endpoint("m", "manager"), endpoint("w", "worker")];
  expect(declaredIn({ hosts: known }, endpoints)).toEqual(hosts);
  expect(declaredIn(undefined, endpoints).map(({ managerPort }) => managerPort)).toEqual([
    2377, 2377,
  ]);
});
