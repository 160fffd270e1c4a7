import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ServiceSpec } from "../../../components/model/platform/service-spec";
import { platform } from "../../../platforms/demo";

const services = Object.entries(platform.services);
const inFolder = (path: string) => join(platform.folder, path);

describe.each(services)("service %s of the demo", (name, service: ServiceSpec) => {
  test("runs on nodes of one label", () => {
    expect(service.placement?.constraints).toHaveLength(1);
    expect(service.placement?.constraints?.[0]).toMatch(
      /^node\.labels\.(db|platform|agent|service) == true$/,
    );
  });

  test("is not root, but for the agent, which writes to a folder that may belong to anyone", () => {
    const image = typeof service.image === "string" ? "" : service.image.build;
    const dockerfile = readFileSync(inFolder(`images/${image}/Dockerfile`), "utf8");
    const own = service.user ?? /^USER (\S+)$/m.exec(dockerfile)?.[1];
    expect(own).toBe({ redis: "redis", agent: "root" }[name] ?? "nobody");
  });

  test("stays small and says what it needs", () => {
    expect(service.resources?.limits?.cpus).toBeLessThanOrEqual(0.5);
    expect(service.resources?.limits?.memory).toMatch(/^\d+MiB$/);
    expect(service.resources?.reservations?.memory).toMatch(/^\d+MiB$/);
  });

  test("is checked, restarted and exchanged by a policy", () => {
    expect(service.healthcheck?.test?.[0]).toBe("CMD");
    expect(service.restart?.condition).toBe("any");
    expect(["rollback", "pause"]).toContain(service.update?.failureAction);
  });

  test("mounts, reads and joins only what the platform declares", () => {
    const sources = (map: { readonly [key: string]: { readonly source?: string } } = {}) =>
      Object.values(map).map((entry) => entry.source);
    expect(Object.keys(platform.volumes ?? {})).toEqual(
      expect.arrayContaining(sources(service.mounts)),
    );
    expect(Object.keys(platform.secrets ?? {})).toEqual(
      expect.arrayContaining(sources(service.secrets)),
    );
    expect(Object.keys(platform.configs ?? {})).toEqual(
      expect.arrayContaining(sources(service.configs)),
    );
    expect(Object.keys(platform.networks ?? {})).toEqual(
      expect.arrayContaining(Object.keys(service.networks ?? {})),
    );
  });

  test("uses an image that the platform builds", () => {
    expect(typeof service.image).toBe("object");
    const key = typeof service.image === "string" ? "" : service.image.build;
    expect(Object.keys(platform.images ?? {})).toContain(key);
  });

  test("tells the page who it is", () => {
    const label = service.placement?.constraints?.[0]?.split(/[. ]/)[2];
    expect(service.env).toMatchObject({ PART: name, NODE_LABEL: label });
    expect(service.env?.NODE).toBe("{{.Node.Hostname}}");
    expect(service.containerLabels?.["swarmyard.part"]).toBe(name);
  });

  test("never runs a new task in parallel with the old one when both need the same port or data", () => {
    const alone = [...(service.ports ?? [])].length > 0 || ownVolumes(service).length > 0;
    expect(service.update?.order).toBe(alone ? "stop-first" : "start-first");
  });
});

function ownVolumes(service: ServiceSpec): string[] {
  const mounted = Object.values(service.mounts ?? {}).map((mount) => mount.source ?? "");
  return mounted.filter((key) => !("shared" in (platform.volumes?.[key] ?? {})));
}

describe("the demo platform", () => {
  test("spreads over all four labels", () => {
    const constraints = services.flatMap(([, service]) => service.placement?.constraints ?? []);
    expect(new Set(constraints).size).toBe(4);
  });

  test("opens a port that its service publishes", () => {
    const open = platform.open;
    const ports = platform.services[open?.service ?? ""]?.ports ?? [];
    expect(ports.map((port) => port.target)).toContain(open?.target);
  });

  test("has all files and folders that it names", () => {
    const seeds = Object.values(platform.volumes ?? {}).flatMap((volume) =>
      Object.values("seed" in volume ? (volume.seed ?? {}) : {}),
    );
    const configs = Object.values(platform.configs ?? {}).map((config) => config.file ?? "");
    const images = Object.values(platform.images ?? {}).map((image) =>
      join(image.context, image.dockerfile ?? "Dockerfile"),
    );
    expect([...seeds, ...configs, ...images].filter((path) => !existsSync(inFolder(path)))).toEqual(
      [],
    );
  });

  test("builds from the distribution only, with the same first layer for what is written in Python", () => {
    const texts = Object.values(platform.images ?? {}).map((image) =>
      readFileSync(inFolder(join(image.context, "Dockerfile")), "utf8"),
    );
    for (const text of texts) expect(text.startsWith("FROM debian:13-slim\nRUN ")).toBe(true);
    const layers = texts
      .filter((text) => text.includes("python3"))
      .map((text) => text.split("\nENV ")[0]);
    expect(new Set(layers).size).toBe(1);
    expect(layers[0]).toContain("apt-get install");
  });

  test("keeps everything that starts a container executable", () => {
    const scripts = ["app/healthy", "web/healthy", "redis/redis-start", "redis/redis-healthy"];
    for (const script of scripts) {
      expect(statSync(inFolder(`images/${script}`)).mode & 0o111, script).toBe(0o111);
    }
  });

  test("ships a page that loads nothing from elsewhere", () => {
    const page = inFolder("images/web/page");
    for (const file of readdirSync(page)) {
      const text = readFileSync(join(page, file), "utf8");
      const addresses = text.match(/https?:\/\/[^\s"')]+/g) ?? [];
      expect(
        addresses.filter((address) => address !== "http://www.w3.org/2000/svg"),
        file,
      ).toEqual([]);
    }
  });
});
