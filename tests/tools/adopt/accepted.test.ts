import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEnvironmentFile } from "../../../components/config/file/environment-file";
import { environmentText } from "../../../tools/adopt/environment";
import { writeFiles } from "../../../tools/adopt/files";
import { machinesOf } from "../../../tools/adopt/machines";
import { platformsOf } from "../../../tools/adopt/platforms";
import { platformText } from "../../../tools/report/conversion";
import { liveOf, networkOf, nodeOf, serviceOf } from "./a-swarm";

test("the written files are an environment without a problem, with the real names of what runs", () => {
  const labels = { "com.docker.stack.namespace": "shop" };
  const container = { Image: "nginx:1.27@sha256:aa", Labels: labels };
  const live = liveOf({
    nodes: [nodeOf("lead", "manager"), nodeOf("Work.example.org", "worker", { web: "true" })],
    networks: [networkOf("shop_default", { Labels: labels })],
    services: [
      serviceOf({
        Name: "shop_web",
        Labels: labels,
        Mode: { Replicated: { Replicas: 1 } },
        TaskTemplate: {
          ContainerSpec: container,
          Placement: { Constraints: ["node.labels.web == true"] },
          Networks: [{ Target: "id-shop_default", Aliases: ["web"] }],
        },
      }),
      serviceOf({
        Name: "cron",
        Mode: { Global: {} },
        TaskTemplate: { ContainerSpec: { Image: "cron:1" } },
      }),
    ],
  });
  const { platforms } = platformsOf(live);
  const root = mkdtempSync(join(tmpdir(), "adopt-accepted-"));
  cpSync("Pulumi.yaml", join(root, "Pulumi.yaml"));
  const text = environmentText(live, {
    machines: machinesOf(live.nodes, new Map(), { user: "root", port: 22 }),
    platforms: platforms.map(({ name }) => name),
    key: "agent",
  });
  writeFiles(
    root,
    [
      { path: "Pulumi.old.yaml", text },
      ...platforms.map(({ name, spec }) => ({
        path: `platforms/${name}/index.ts`,
        text: platformText(spec),
      })),
    ],
    false,
  );
  const { environment, problems } = readEnvironmentFile(join(root, "Pulumi.old.yaml"));
  rmSync(root, { recursive: true });
  expect(problems).toEqual([]);
  expect(environment?.swarm).toMatchObject({ adopt: true, firstManager: "lead" });
  expect(environment?.hosts.map(({ name, role, labels: own }) => [name, role, own])).toEqual([
    ["lead", "manager", {}],
    ["Work.example.org", "worker", { web: "true" }],
  ]);
  const names = environment?.platforms.flatMap(({ plan }) =>
    Object.values(plan.services).map(({ name }) => name),
  );
  expect(names).toEqual(["shop_web", "cron"]);
  expect(environment?.platforms[0]?.plan.networks.default).toMatchObject({
    ...{ name: "shop_default", subnet: "10.0.1.0/24" },
  });
});
