import { expect, test } from "vitest";
import { asWritten } from "../../components/config/schema/renamed";
import { type Change, goodValues, readChanged } from "./yard";

const found = (change: Change) =>
  readChanged(change).problems.map(({ path, found, fix }) => [path, found, fix]);

const group = (name: string, value: object) =>
  found({ values: { hosts: { groups: { [name]: value } } } });

test("what is wrong in a group whose name is wrong is reported with the name", () => {
  expect(group("My_Group", { kount: 2, labels: "db" })).toEqual([
    ["swarmyard:hosts.groups.My_Group", 'the name "My_Group"', "`my-group`"],
    ["swarmyard:hosts.groups.My_Group.labels", '"db"', "`labels: [db]`"],
    ["swarmyard:hosts.groups.My_Group.kount", "an unknown key", "did you mean `count`?"],
  ]);
});

test("what hosts of such a group cannot have is reported too, also beside a group of the right name", () => {
  expect(group("Db", { names: ["Db 0"], spot: true })).toEqual([
    ["swarmyard:hosts.groups.Db", 'the name "Db"', "`db`"],
    ["swarmyard:hosts.groups.Db.spot", "`spot` in a group of kind local", "remove `spot`"],
    ["swarmyard:hosts.groups.Db.names[0]", '"Db 0"', "`db-0`"],
  ]);
});

test("a name that cannot be guessed hides nothing either", () => {
  expect(group("---", { role: "boss" })).toEqual([
    ["swarmyard:hosts.groups.---", 'the name "---"', "another name"],
    ["swarmyard:hosts.groups.---.role", '"boss"', "`role: manager`"],
  ]);
});

test("what is in an unknown key is read as the key that was meant, down to its own names", () => {
  const { hosts, ...rest } = goodValues;
  const groups = { Main: { role: "manager", resorces: { GPU: 0 } }, db: null, agent: null };
  expect(hosts).toBeDefined();
  expect(found({ values: { hosts: null }, exact: { ...rest, hosts: { gruops: groups } } })).toEqual(
    [
      ["swarmyard:hosts.gruops", "an unknown key", "did you mean `groups`?"],
      ["swarmyard:hosts.gruops.Main", 'the name "Main"', "`main`"],
      ["swarmyard:hosts.gruops.Main.resorces", "an unknown key", "did you mean `resources`?"],
      ["swarmyard:hosts.gruops.Main.resorces.GPU", "0", "`GPU: 1`"],
    ],
  );
});

test("what an environment changes in a platform is read below a wrong key too", () => {
  const app = { servces: { web: { replicas: "3", placment: { constraints: ["node.role"] } } } };
  expect(found({ values: { platforms: { app } } })).toEqual([
    ["swarmyard:platforms.app.servces", "an unknown key", "did you mean `services`?"],
    ["swarmyard:platforms.app.servces.web.replicas", '"3"', "`replicas: 3`"],
    ["swarmyard:platforms.app.servces.web.placment", "an unknown key", "did you mean `placement`?"],
    expect.arrayContaining(["swarmyard:platforms.app.servces.web.placment.constraints[0]"]),
  ]);
});

test("what is wrong in a platform's own part of a wrong name is at the place that is written", () => {
  const spec = { services: { web: { placment: { constraints: ["node.labels.dbs == true"] } } } };
  expect(found({ spec }).map(([path]) => path)).toEqual([
    "platforms/app: services.web.placment",
    "platforms/app: services.web.placment.constraints[0]",
  ]);
});

test("a platform that does not exist is read as the one that was meant", () => {
  const ap = { services: { web: { replicas: "3" } }, netwroks: { default: { mtu: "x" } } };
  expect(found({ values: { platforms: { app: null, ap } } })).toEqual([
    ["swarmyard:platforms.ap.netwroks", "an unknown key", "did you mean `networks`?"],
    [
      "swarmyard:platforms.ap.from",
      "no folder platforms/ap with an index.ts or a compose.yaml",
      "did you mean `app`?",
    ],
    ["swarmyard:platforms.ap.netwroks.default.mtu", "an unknown key", "remove `mtu`"],
    ["swarmyard:platforms.ap.services.web.replicas", '"3"', "`replicas: 3`"],
  ]);
});

test("a platform that runs here already is not read twice because another name is close to it", () => {
  expect(
    found({ values: { platforms: { ap: { services: { web: { replicas: "3" } } } } } }),
  ).toEqual([
    expect.arrayContaining(["swarmyard:platforms.ap.from"]),
    ["swarmyard:platforms.ap.services.web.replicas", '"3"', "`replicas: 3`"],
  ]);
});

test("a name of a platform that is wrong keeps nothing of the platform unread", () => {
  const change = { services: { web: { replicas: "3" } } };
  expect(found({ values: { platforms: { app: null, App: change } } })).toEqual([
    ["swarmyard:platforms.App", 'the name "App"', "`app`"],
    ["swarmyard:platforms.App.services.web.replicas", '"3"', "`replicas: 3`"],
  ]);
});

test("a key that stands beside the one that was meant changes nothing there", () => {
  expect(found({ values: { hosts: { group: { db: { count: "3" } } } } })).toEqual([
    ["swarmyard:hosts.group", "an unknown key", "did you mean `groups`?"],
  ]);
});

test("keys lead back to what is written, the last change of a name first", () => {
  const renamed = [
    { written: ["hosts", "gruops"], meant: ["hosts", "groups"] },
    { written: ["hosts", "groups", "Db"], meant: ["hosts", "groups", "db"] },
  ];
  expect(asWritten(["hosts", "groups", "db", "count"], renamed)).toEqual([
    "hosts",
    "gruops",
    "Db",
    "count",
  ]);
  expect(asWritten(["hosts", "groups"], renamed)).toEqual(["hosts", "gruops"]);
  expect(asWritten(["hosts", "kind"], renamed)).toEqual(["hosts", "kind"]);
});
