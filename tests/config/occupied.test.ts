import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

const stated = { hosts: { local: { subnet: "10.77.0.0/16", portOffset: 1000 } } };
const free = { networks: [], ports: new Map<number, string>() };
const ask = (occupied: object, values: PlainMap = stated) =>
  readChanged({ values, world: { occupied: { ...free, ...occupied } } });

describe("what something else of this machine holds is refused at preview", () => {
  test("nothing when nothing is held, and nothing is known", () => {
    expect(ask({}).problems).toEqual([]);
    expect(readChanged({ values: stated }).problems).toEqual([]);
  });

  test("the subnet, with the network that has it and a free one", () => {
    const networks = [
      { name: "bridge", subnet: "172.17.0.0/16" },
      { name: "swarmyard-local-nodes", subnet: "10.77.128.0/20" },
      { name: "other", subnet: "10.64.0.0/16" },
    ];
    expect(ask({ networks }).problems.map(brief)).toEqual([
      [
        "swarmyard:hosts.local.subnet",
        "10.77.0.0/16, which overlaps 10.77.128.0/20 of the Docker network swarmyard-local-nodes",
        "a network that overlaps no other Docker network of this machine",
        "a free network such as `subnet: 10.65.0.0/16`, or remove the other one: `docker network rm swarmyard-local-nodes`",
      ],
    ]);
  });

  test("a published port, with who holds it and a free one", () => {
    const ports = new Map([
      [9080, "another program of this machine"],
      [9081, "the container other"],
    ]);
    expect(ask({ ports }).problems.map(brief)).toEqual([
      [
        "platforms/app: services.web.ports[0].published",
        "8080 of service web, which would be 127.0.0.1:9080; another program of this machine holds that port",
        "a port that is free on 127.0.0.1",
        "`published: 8082`, or end what holds it: `ss -ltnp 'sport = :9080'`",
      ],
    ]);
    expect(ask({ ports: new Map([[8080, "the container other"]]) }).problems).toEqual([]);
  });

  test("a port of SSH or of the registry", () => {
    const first = readChanged({ values: stated }).environment?.hosts[0];
    const port = first?.kind === "local" ? first.sshPort : 0;
    const [problem] = ask({ ports: new Map([[port, "the container other"]]) }).problems;
    expect(problem).toMatchObject({
      path: "swarmyard:hosts.local.sshPortBase",
      found: `20000: SSH of ${first?.name} would be 127.0.0.1:${port}; the container other holds that port`,
      fix: "`sshPortBase: 25000`, or end what holds it: `docker stop other`",
    });
    const registry = Array.from({ length: 1000 }, (_, n): [number, string] => [24000 + n, "x"]);
    expect(ask({ ports: new Map(registry) }).problems[0]?.found).toContain("the registry would be");
  });
});

test("what an earlier run chose counts before what the name gives, and the file before both", () => {
  const kept = { subnet: "10.90.0.0/16", portOffset: 5000 };
  expect(readChanged({ world: { kept } }).environment?.local).toMatchObject(kept);
  expect(readChanged({ values: stated, world: { kept } }).environment?.local).toMatchObject(
    stated.hosts.local,
  );
});
