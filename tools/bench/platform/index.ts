import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The benchmark writes this file next to it before each command. */
interface Variation {
  readonly services: number;
  readonly replicas: number;
  readonly version: string;
  readonly subnet: string;
}

const { services, replicas, version, subnet }: Variation = JSON.parse(
  readFileSync(join(__dirname, "variation.json"), "utf8"),
);

/** The n-th service; one of five reads the secret. */
function service(n: number) {
  return {
    image: { build: "app" },
    replicas,
    env: { VERSION: version },
    placement: { constraints: ["node.labels.bench == true"] },
    update: { monitor: "1s" },
    ...(n % 5 === 0 ? { secrets: { token: { source: "token" } } } : {}),
  };
}

/** Many small, identical services for the benchmark. */
export const platform = {
  folder: __dirname,
  images: { app: { context: "image" } },
  networks: { default: { subnet } },
  secrets: { token: { file: "token.txt" } },
  services: Object.fromEntries(Array.from({ length: services }, (_, n) => [`s${n}`, service(n)])),
  rollout: { timeout: "15m", steady: "0s" },
};
