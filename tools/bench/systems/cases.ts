import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** Compose files that are read together. */
export interface Case {
  readonly id: string;
  readonly folder: string;
  /** Names in the folder, the later ones over the earlier ones. */
  readonly files: readonly string[];
  /** Files with variables, in the folder. */
  readonly envFiles: readonly string[];
}

/** The cases of a manifest: id, folder, files and files of variables, with tabs between them. Pure. */
export function casesOf(manifest: string, root: string): readonly Case[] {
  return manifest
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [id = "", folder = "", files = "", env = ""] = line.split("\t");
      const words = (text: string) => text.split(/[ ,]+/).filter((word) => word !== "");
      return { id, folder: join(root, folder), files: words(files), envFiles: words(env) };
    });
}

/** The cases of a folder: those of its manifest.tsv, else each of its files is one. */
export function casesIn(root: string): readonly Case[] {
  const manifest = join(root, "manifest.tsv");
  if (existsSync(manifest)) return casesOf(readFileSync(manifest, "utf8"), root);
  return readdirSync(root)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => ({ id: file, folder: root, files: [file], envFiles: [] }));
}

/** Services of each file that is made. */
const sizes = [1, 2, 5, 10, 20, 40, 80, 160];

/** Writes files of the usual kind, which Docker reads too, into a folder. */
export function makeCases(folder: string): readonly Case[] {
  for (const size of sizes) writeFileSync(join(folder, `services-${size}.yaml`), usual(size));
  return casesIn(folder);
}

/** A file as people write them: variables, ports, volumes, configs, health checks, placement. Pure. */
function usual(services: number): string {
  const service = (n: number) => ({
    image: `registry.example.org/app-${n}:\${TAG:-1.0}`,
    command: `serve --port 80 --name "service ${n}"`,
    environment: [`NUMBER=${n}`, "LEVEL=${LEVEL:-info}"],
    ports: [`${8000 + n}:80`],
    volumes: ["data:/data", "/var/log:/logs:ro"],
    configs: [{ source: "settings", target: "/etc/settings.json", mode: 0o440 }],
    healthcheck: { test: "curl -f http://localhost/", interval: "10s", retries: 3 },
    deploy: {
      replicas: 2,
      placement: { constraints: ["node.role == worker"] },
      resources: { limits: { cpus: "0.5", memory: "256M" } },
      restart_policy: { condition: "on-failure", max_attempts: 3 },
    },
  });
  const entries = Array.from({ length: services }, (_, n) => [`service-${n}`, service(n)]);
  return stringify({
    version: "3.8",
    services: Object.fromEntries(entries),
    volumes: { data: {} },
    configs: { settings: { external: true } },
  });
}
