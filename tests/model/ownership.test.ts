import { describe, expect, test } from "vitest";
import { registryHeader } from "../../components/engine/endpoints";
import type { LiveNode } from "../../components/engine/live";
import { overlap } from "../../components/model/addresses/subnets";
import {
  describeOwner,
  isOfStack,
  isOwn,
  ownerLabels,
  visibleLabels,
} from "../../components/model/ownership";
import { quorumProblem } from "../../components/provider/node/list";

const urn = "urn:pulumi:dev::yard::swarm:platform:Platform$swarm:index:Network::net";

describe("ownership", () => {
  test("is written in two labels, which are hidden again", () => {
    const labels = ownerLabels(urn);
    expect(labels).toEqual({ "swarmyard.stack": "yard/dev", "swarmyard.urn": urn });
    expect(visibleLabels({ ...labels, mine: "1" })).toEqual({ mine: "1" });
    expect(visibleLabels(null)).toEqual({});
  });

  test("distinguishes own, the stack's and foreign objects", () => {
    const sibling = ownerLabels(`${urn}2`);
    expect(isOwn(ownerLabels(urn), urn)).toBe(true);
    expect(isOwn(sibling, urn)).toBe(false);
    expect(isOfStack(sibling, urn)).toBe(true);
    expect(isOfStack({}, urn)).toBe(false);
    expect(describeOwner({ "com.docker.stack.namespace": "blue" })).toContain("stack blue");
    expect(describeOwner(undefined)).toContain("by hand");
  });
});

describe("subnets", () => {
  test("overlap when they share an address", () => {
    expect(overlap("10.0.0.0/8", "10.1.2.0/24")).toBe(true);
    expect(overlap("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
    expect(overlap("10.0.0.200/24", "10.0.0.1/32")).toBe(true);
    expect(overlap("fd00::/64", "10.0.0.0/8")).toBe(false);
  });
});

describe("registry credentials", () => {
  const credentials = [
    { host: "reg.example.com:5000", user: "u", password: "p" },
    { host: "docker.io", user: "h", password: "q" },
  ];
  const user = (image: string) => {
    const header = registryHeader(image, credentials);
    return header && JSON.parse(Buffer.from(header, "base64url").toString()).username;
  };

  test("are matched by the host in the image's name", () => {
    expect(user("reg.example.com:5000/a/b:1")).toBe("u");
    expect(user("org/app")).toBe("h");
    expect(user("redis:7")).toBe("h");
    expect(user("docker.io/org/app")).toBe("h");
    expect(user("other.example.com/app")).toBeUndefined();
    expect(user("localhost/app")).toBeUndefined();
  });
});

describe("quorum", () => {
  const manager = (ID: string, Reachability = "reachable") =>
    ({ ID, Description: { Hostname: ID }, ManagerStatus: { Reachability } }) as LiveNode;
  const worker = { ID: "w", Description: { Hostname: "w" } } as LiveNode;

  test("keeps the last manager", () => {
    expect(quorumProblem(manager("a"), [manager("a"), worker])).toContain("last manager");
  });

  test("lets one of three leave, even a dead one, but not a live one while another is dead", () => {
    const [a, b, dead] = [manager("a"), manager("b"), manager("c", "unreachable")];
    expect(quorumProblem(a, [a, b, manager("c")])).toBeUndefined();
    expect(quorumProblem(dead, [a, b, dead])).toBeUndefined();
    expect(quorumProblem(a, [a, b, dead])).toContain("start c first");
  });
});
