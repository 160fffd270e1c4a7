import { describe, expect, test } from "vitest";
import { tokensHash } from "../../components/engine/tokens";
import { joining, tokensIn } from "../../tools/setup/tokens";

const urn = "urn:pulumi:dev::swarmyard::swarm:index:Cluster::swarm-cluster";
const cluster = { type: "swarm:index:Cluster", urn, outputs: { tokensHash: "abc" } };
const node = (name: string) => ({ type: "swarm:index:Node", inputs: { node: name } });
const state = (...resources: readonly { readonly type: string }[]) => ({
  deployment: { resources },
});

describe("the tokens that a state has", () => {
  test("are its Cluster's", () => {
    expect(tokensIn(state(cluster))).toEqual({ urn, hash: "abc" });
    expect(tokensIn(state({ ...cluster, outputs: {} } as { type: string }))).toEqual({ urn });
    expect(tokensIn({})).toBeUndefined();
  });

  test("are not what hosts with tickets join with", () => {
    expect(tokensIn(state(cluster, { type: "swarm:index:Ticket" }))).toBeUndefined();
  });
});

test("hosts that are about to join are those without a node", () => {
  const now = state(cluster, node("a"), node("b"));
  expect(joining(["a", "b"], now)).toEqual([]);
  expect(joining(["a", "c", "d"], now)).toEqual(["c", "d"]);
  expect(joining(["a"], {})).toEqual(["a"]);
});

test("a hash tells tokens apart and does not contain them", () => {
  const tokens = { Manager: "SWMTKN-1-m", Worker: "SWMTKN-1-w" };
  const hash = tokensHash(tokens);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(tokensHash({ ...tokens, Worker: "SWMTKN-1-x" })).not.toBe(hash);
  expect(tokensHash({ ...tokens, Manager: "SWMTKN-1-x" })).not.toBe(hash);
  expect(tokensHash({ ...tokens })).toBe(hash);
});
