import { describe, expect, test } from "vitest";
import {
  judgeReach,
  type Peer,
  type Sight,
  waysOut,
} from "../../../components/observe/reach/judge";

const ports = { gossip: 7946, dataPath: 4789 };
const peer = (name: string, address: string, changes: Partial<Peer> = {}): Peer => ({
  ...{ name, address, role: "worker", listens: [22], managerPort: 2377 },
  ...changes,
});
const m = peer("m", "10.0.0.1", { role: "manager", listens: [2377, 7946] });
const w = peer("w", "10.0.0.2");

/** What hosts see when all is open. */
const fromWorker = { "10.0.0.1:2377": "open", "10.0.0.1:7946": "open" };
const fromManager = { "10.0.0.2:7946": "refused" };
const all = (from: string) => ({ [`${from}:7946`]: 3, [`${from}:4789`]: 3 });

function sights(
  ofWorker: { tcp?: object; udp?: object } = {},
  ofManager: { tcp?: object; udp?: object } = {},
): ReadonlyMap<string, Sight> {
  const sight = (tcp: object, udp: object): Sight => ({
    tcp: new Map(Object.entries(tcp)),
    udp: new Map(Object.entries(udp)),
  });
  return new Map([
    ["w", sight({ ...fromWorker, ...ofWorker.tcp }, { ...all("10.0.0.1"), ...ofWorker.udp })],
    ["m", sight({ ...fromManager, ...ofManager.tcp }, { ...all("10.0.0.2"), ...ofManager.udp })],
  ]);
}

const judged = (seen: ReadonlyMap<string, Sight>) => {
  const { blocked, unknown } = judgeReach([m, w], seen, ports);
  return [
    ...blocked.map(({ from, to, port, why }) => `${from.name} ${to.name} ${port} ${why}`),
    ...unknown,
  ];
};

describe("between hosts", () => {
  test("all is open when everything answers, or refuses where nothing listens yet", () => {
    expect(judged(sights())).toEqual([]);
  });

  test("each direction is judged on its own", () => {
    expect(judged(sights({ udp: { "10.0.0.1:4789": 0 } }))).toEqual([
      "m w 4789/udp no packet of three arrived",
    ]);
    expect(judged(sights({}, { udp: { "10.0.0.2:4789": 0 } }))).toEqual([
      "w m 4789/udp no packet of three arrived",
    ]);
  });

  test("silence, a refusal by a firewall and a missing route differ", () => {
    const tcp = { "10.0.0.1:2377": "silent", "10.0.0.1:7946": "refused" };
    expect(judged(sights({ tcp }, { tcp: { "10.0.0.2:7946": "unreachable" } }))).toEqual([
      "m w 7946/tcp no way to that address",
      "w m 2377/tcp no answer within 3 s",
      "w m 7946/tcp refused on the way",
    ]);
  });

  test("managers are tried at the port that they have", () => {
    const other = { ...m, managerPort: 7777, listens: [7777, 7946] };
    const seen = new Map([...sights({ tcp: { "10.0.0.1:7777": "silent" } })]);
    const { blocked } = judgeReach([other, w], seen, ports);
    expect(blocked.map(({ port }) => port)).toEqual(["7777/tcp"]);
  });

  test("what could not be tried is unknown, not blocked", () => {
    const seen = new Map<string, Sight>([["m", sights().get("m") ?? {}]]);
    expect(judged(seen)).toEqual(["what w reaches over TCP", "which UDP packets reach w"]);
  });
});

test("the way out names each host that must let something in, once", () => {
  const { blocked } = judgeReach(
    [m, w],
    sights(
      { tcp: { "10.0.0.1:2377": "silent" }, udp: { "10.0.0.1:7946": 0 } },
      { udp: { "10.0.0.2:4789": 0 } },
    ),
    ports,
  );
  expect(waysOut(blocked)).toEqual([
    "open 7946/udp on w for 10.0.0.1, in its own firewall and in that of its provider; with ufw, for the first: ufw allow from 10.0.0.1 to any port 7946 proto udp",
    "open 2377/tcp, 4789/udp on m for 10.0.0.2, in its own firewall and in that of its provider; with ufw, for the first: ufw allow from 10.0.0.2 to any port 2377 proto tcp",
  ]);
});
