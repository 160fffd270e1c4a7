import * as fs from "node:fs";
import * as path from "node:path";
import { Yard } from "../e2e/yard";

/** Text of the platform `small`: a service each for what drifts, and one that nobody touches. */
const platform = `import type { PlatformSpec } from "../../components/model/platform/spec";

const idle = {
  image: { build: "idle" },
  init: true,
  stopGracePeriod: "1s",
  restart: { condition: "any", delay: "1s" },
} as const;

export const platform: PlatformSpec = {
  folder: __dirname,
  images: { idle: { context: "idle" } },
  networks: { default: {}, back: {} },
  secrets: { word: { random: 24 }, spare: { random: 24 } },
  configs: { motto: { content: "steady as she goes" } },
  services: {
    front: { ...idle, replicas: 2, labels: { tier: "front" }, secrets: { word: { source: "word" } } },
    lone: { ...idle, configs: { "/etc/motto": { source: "motto" } } },
    keeper: { ...idle, replicas: 2, secrets: { spare: { source: "spare" } } },
    deep: { ...idle, networks: { back: {} } },
  },
  rollout: { timeout: "3m", steady: "2s" },
};
`;

/** Names on the swarm of the platform `small`, without the hashes of contents. */
export const small = {
  services: ["small_deep", "small_front", "small_keeper", "small_lone"],
  secrets: ["small_spare", "small_word"],
  configs: ["small_motto"],
  networks: ["small_back", "small_default"],
  hosts: ["db-0", "platform-0"],
} as const;

/** Environment of one manager and one worker with a platform whose services only sleep. */
export function smallYard(stack: string): Yard {
  const yard = new Yard(stack);
  yard.set(["swarmyard:hosts", "groups", "agent"], undefined);
  yard.set(["swarmyard:hosts", "groups", "service"], undefined);
  yard.set(["swarmyard:platforms"], { small: {} });
  const folder = path.join(yard.folder, "platforms/small");
  fs.mkdirSync(path.join(folder, "idle"), { recursive: true });
  fs.writeFileSync(path.join(folder, "index.ts"), platform);
  const image = 'FROM debian:13-slim\nCMD ["sleep", "infinity"]\n';
  fs.writeFileSync(path.join(folder, "idle/Dockerfile"), image);
  yard.commit();
  return yard;
}
