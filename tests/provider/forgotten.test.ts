import { expect, test } from "vitest";
import type { LiveContent } from "../../components/engine/live";
import { ownerLabels } from "../../components/model/ownership";
import type { LiveService } from "../../components/model/service/wire";
import { forgotten } from "../../components/provider/content/forgotten";

const urn = (name: string, stack = "dev") =>
  `urn:pulumi:${stack}::yard::swarm:index:Secret::${name}`;
const secret = (ID: string, owner: string, Index: number): LiveContent => ({
  ID,
  Version: { Index },
  Spec: { Name: ID, Labels: ownerLabels(owner) },
});
const service = (...ids: string[]): LiveService =>
  ({
    Spec: {
      Name: "web",
      TaskTemplate: { ContainerSpec: { Secrets: ids.map((SecretID) => ({ SecretID })) } },
    },
  }) as unknown as LiveService;

test("a secret that another one of its resource replaced is forgotten when nobody uses it", () => {
  const secrets = [
    secret("old", urn("word"), 4),
    secret("now", urn("word"), 9),
    secret("other", urn("spare"), 3),
    secret("theirs", urn("word", "prod"), 2),
    { ...secret("by-hand", urn("word"), 1), Spec: { Name: "by-hand", Labels: {} } },
  ];
  const web = service("now");
  const names = (running: LiveService[], all: LiveService[]) =>
    forgotten(secrets, running, all, urn("services")).map(({ ID }) => ID);
  expect(names([web], [web])).toEqual(["old"]);
  // It is still in use, also by a service of somebody else.
  expect(names([web], [web, service("old")])).toEqual([]);
  // Which one is the current one is not known.
  expect(names([], [web])).toEqual([]);
});

test("a newer secret than the one in use stays: its service is about to take it", () => {
  const secrets = [secret("now", urn("word"), 4), secret("next", urn("word"), 9)];
  expect(forgotten(secrets, [service("now")], [service("now")], urn("services"))).toEqual([]);
});
