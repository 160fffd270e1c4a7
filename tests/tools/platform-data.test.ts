import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import { dataOf } from "../../tools/report/platform-data";
import { clearScript, foundIn, foundLines, lookScript, staysIn } from "../../tools/setup/node-data";
import { planned, plannedTogether } from "../planned";

const bind = (device: string, o = "bind") => ({ driverOptions: { type: "none", o, device } });
const service = (mounts: ServiceSpec["mounts"] = {}): ServiceSpec => ({
  image: "debian:12",
  mounts,
});

describe("the data of a platform", () => {
  test("is in volumes, on the share and in bound directories; other data stays", () => {
    const plan = planned("demo", {
      volumes: {
        plain: {},
        slots: { name: "demo-{{.Task.Slot}}" },
        shared: { shared: true },
        bound: bind("/srv/demo"),
        top: bind("/srv"),
        nfs: { driverOptions: { type: "nfs", o: "addr=10.0.0.1", device: ":/data" } },
        out: { external: true, name: "blue_data" },
      },
      directories: { "/srv/db": {} },
    });
    expect(dataOf({ name: "demo", plan })).toEqual({
      volumes: ["demo_plain", "demo-*", "demo_shared", "demo_bound", "demo_top", "demo_nfs"],
      others: ["blue_data"],
      owners: ["demo"],
      shared: ["/mnt/share/demo/shared"],
      bound: ["/srv/demo"],
      stays: [
        "blue_data, which is external",
        "what demo_nfs mounts from elsewhere",
        "/srv, which is at the top of the nodes",
        "/srv/db, which is not a volume",
      ],
    });
  });

  test.each([
    ["/etc", "/etc, which is in a folder of the system"],
    ["/etc/", "/etc, which is in a folder of the system"],
    ["/var/lib/docker", "/var/lib/docker, which is in a folder of the system"],
    ["/srv/../../etc", "/etc, which is in a folder of the system"],
    ["//etc//cron.d", "/etc/cron.d, which is in a folder of the system"],
    ["/root/.ssh", "/root/.ssh, which is in a folder of the system"],
    ["//", "/, which is at the top of the nodes"],
    ["/", "/, which is at the top of the nodes"],
    ["/srv/", "/srv, which is at the top of the nodes"],
    ["/srv/./", "/srv, which is at the top of the nodes"],
    ["/home/ubuntu/", "/home/ubuntu, which is the home of a user"],
    ["/mnt/share", "/mnt/share, which is on the share and not of this platform alone"],
    ["/mnt/share/web/x", "/mnt/share/web/x, which is on the share and not of this platform alone"],
    ["/srv/{{.Task.Slot}}", "/srv/{{.Task.Slot}}, which swarm completes"],
  ])("is not in %s", (device, stays) => {
    const plan = planned("demo", { volumes: { data: bind(device) } });
    const { bound, stays: staying } = dataOf({ name: "demo", plan }, { sharePath: "/mnt/share" });
    expect({ bound, staying }).toEqual({ bound: [], staying: [stays] });
  });

  test.each([
    ["/srv/x/../demo/", "/srv/demo"],
    ["/home/ubuntu/data", "/home/ubuntu/data"],
    ["/mnt/share/demo/own", "/mnt/share/demo/own"],
  ])("is in %s", (device, folder) => {
    const plan = planned("demo", { volumes: { data: bind(device) } });
    const { bound, stays } = dataOf({ name: "demo", plan }, { sharePath: "/mnt/share" });
    expect({ bound, stays }).toEqual({ bound: [folder], stays: [] });
  });

  test("is not what it only reads", () => {
    const reads = { "/a": { type: "volume" as const, source: "read", readOnly: true } };
    const plan = planned("demo", {
      volumes: { option: bind("/srv/one", "bind,ro"), read: bind("/srv/two") },
      services: { reader: service(reads) },
    });
    expect(dataOf({ name: "demo", plan })).toMatchObject({
      bound: [],
      stays: ["/srv/one, which is only read", "/srv/two, which is only read"],
    });
    const writes = { "/b": { type: "volume" as const, source: "read" } };
    const both = planned("demo", {
      volumes: { read: bind("/srv/two") },
      services: { reader: service(reads), writer: service(writes) },
    });
    expect(dataOf({ name: "demo", plan: both }).bound).toEqual(["/srv/two"]);
  });

  test.each([
    "{{.Task.Slot}}",
    "{{.Node.Hostname}}-data",
    "data-{{.Task.Slot}}",
    "mydemo-{{.Task.Slot}}",
    "demonstration-{{.Task.Slot}}",
    "demo{{.Task.Slot}}",
  ])("is not in volumes called %s, which others may have too", (name) => {
    const plan = planned("demo", { volumes: { data: { name } } });
    expect(dataOf({ name: "demo", plan })).toMatchObject({
      volumes: [],
      stays: [`${name}, whose name does not say that it belongs to demo`],
    });
  });

  test("is in volumes whose names have the platform's name or a service's", () => {
    const plan = planned("demo", {
      volumes: {
        a: { name: "{{.Node.Hostname}}-demo" },
        b: { name: "demo_{{.Task.Slot}}" },
        c: { name: "{{.Service.Name}}-{{ .Task.Slot }}" },
      },
      services: { web: service(), api: service() },
    });
    expect(dataOf({ name: "demo", plan })).toMatchObject({
      volumes: ["*-demo", "demo_*", "demo_web-*", "demo_api-*"],
      stays: [],
    });
  });

  test("is not what other platforms of the environment use", () => {
    const plans = plannedTogether({
      demo: {
        volumes: {
          slots: { name: "demo-{{.Task.Slot}}" },
          both: { name: "demo-both" },
          folder: bind("/srv/demo"),
          around: bind("/srv/all"),
          own: bind("/srv/demo2"),
        },
      },
      web: {
        volumes: {
          slots: { name: "demo-web-{{.Task.Slot}}" },
          both: { external: true, name: "demo-both" },
          folder: bind("/srv/demo/"),
        },
        services: { cat: service({ "/x": { type: "bind", source: "/srv/all/web" } }) },
      },
    });
    const [demo, web] = [plans.demo, plans.web];
    if (demo === undefined || web === undefined) throw new Error("not planned");
    const others = [{ name: "web", plan: web }];
    expect(dataOf({ name: "demo", plan: demo }, { others })).toEqual({
      volumes: ["demo-*", "demo_folder", "demo_around", "demo_own"],
      others: ["demo-web-*", "demo-both", "web_folder"],
      owners: ["demo"],
      shared: [],
      bound: ["/srv/demo2"],
      stays: [
        "demo-both, which another platform uses too",
        "/srv/demo, which web uses too",
        "/srv/all, which web uses too",
      ],
    });
  });
});

describe("on a node", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const log = () => fs.readFileSync(path.join(folder, "log"), "utf8");

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "node-data-"));
    fs.mkdirSync(path.join(folder, "bin"));
    // Plays the docker command with volumes, one of which another platform has made.
    const docker = `#!/bin/bash
echo "$*" >> ${folder}/log
case "$1 $2" in
  "volume ls") printf 'demo_data\\ndemo-dataX\\ndata-1\\ndata-9\\ndata-web-1\\nother\\n' ;;
  "volume inspect")
    case "$*" in
      *Mountpoint*) echo ${folder}/data ;;
      *" data-9") echo web ;;
      *" demo_data") echo demo ;;
      *) echo ;;
    esac ;;
esac
`;
    fs.writeFileSync(path.join(folder, "bin/docker"), docker, { mode: 0o755 });
    fs.mkdirSync(path.join(folder, "data"));
    env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` };
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const run = (script: string) => execFileSync("bash", ["-c", script], { env, encoding: "utf8" });
  const data = () => ({
    volumes: ["demo.data", "data-*"],
    others: ["data-web-*"],
    owners: ["demo"],
    folders: [path.join(folder, "it's shared"), path.join(folder, "nowhere")],
  });

  test("volumes and folders are found with their size, and only those", () => {
    fs.mkdirSync(path.join(folder, "it's shared/.deep/er"), { recursive: true });
    fs.writeFileSync(path.join(folder, "it's shared/.deep/er/file"), "x".repeat(2e6));
    const volumes = ["demo_data", "data-*"];
    const said = run(lookScript({ ...data(), volumes }));
    expect(staysIn([said, said])).toEqual(["data-9, which has the label of another platform"]);
    const found = foundIn(said);
    expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "volume data-1",
      "volume demo_data",
      `folder ${folder}/it's shared`,
    ]);
    expect(found[2]?.bytes).toBeGreaterThan(2e6);
    const two = new Map([
      ["a", found.slice(0, 1)],
      ["b", [...found.slice(0, 1), ...found.slice(2)]],
    ]);
    expect(foundLines(two).map((line) => line.replace(/: .*/, ""))).toEqual([
      "  volume data-1 on 2 nodes",
      `  folder ${folder}/it's shared`,
    ]);
    expect(run(lookScript({ volumes: [], owners: [], folders: [] }))).toBe("");
  });

  test("what a node printed is text", () => {
    expect(foundIn("volume \u001b[2Jx 1\n")).toEqual([{ kind: "volume", name: "x", bytes: 1 }]);
    expect(staysIn(["stays folder \u001b[2Jx\n"])).toEqual(["x, which is behind a link"]);
  });

  test("a dot in a name is a dot", () => {
    fs.rmSync(path.join(folder, "log"), { force: true });
    run(clearScript({ volumes: ["demo.data"], owners: [], folders: [] }, true));
    expect(log()).not.toContain("volume rm");
  });

  test("a clean slate removes volumes and empties folders", () => {
    fs.rmSync(path.join(folder, "log"), { force: true });
    run(clearScript({ ...data(), volumes: ["demo_data"] }, false));
    expect(fs.readdirSync(path.join(folder, "it's shared"))).toEqual([]);
    expect(log()).toContain("volume rm demo_data");
    expect(log()).not.toContain("volume rm data-1");
  });

  test("removing everything takes the folders too", () => {
    fs.rmSync(path.join(folder, "log"), { force: true });
    run(clearScript(data(), true));
    expect(fs.existsSync(path.join(folder, "it's shared"))).toBe(false);
    const removed = log()
      .split("\n")
      .filter((line) => line.startsWith("volume rm"));
    expect(removed).toEqual(["volume rm data-1"]);
  });

  test.each([true, false])("a link is not followed (remove: %s)", (remove) => {
    const [outside, link] = [path.join(folder, "outside"), path.join(folder, "link")];
    fs.mkdirSync(path.join(outside, "inner"), { recursive: true });
    fs.rmSync(link, { force: true });
    fs.symlinkSync(outside, link);
    const linked = { volumes: [], owners: [], folders: [path.join(link, "inner")] };
    fs.writeFileSync(path.join(outside, "inner", "file"), "");
    run(clearScript(linked, remove));
    expect(fs.existsSync(path.join(outside, "inner", "file"))).toBe(true);
    expect(staysIn([run(lookScript(linked))])).toEqual([`${link}/inner, which is behind a link`]);
  });
});
