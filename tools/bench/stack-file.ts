import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { secretEvery, type Variation } from "./steps";

/** Name of the secret on the swarm: another content is another secret. Pure. */
export function secretName(secret: string): string {
  return `bench_token_${createHash("sha256").update(secret).digest("hex").slice(0, 8)}`;
}

/** The services as `docker stack deploy` takes them. Pure. */
export function stackFile(image: string, { services, replicas, version, secret }: Variation) {
  const service = (n: number) => ({
    image,
    environment: { VERSION: version },
    networks: ["default"],
    deploy: {
      replicas,
      endpoint_mode: "dnsrr",
      placement: { constraints: ["node.labels.bench == true"] },
      update_config: { monitor: "1s" },
    },
    ...(n % secretEvery === 0 ? { secrets: ["token"] } : {}),
  });
  return stringify({
    version: "3.8",
    services: Object.fromEntries(Array.from({ length: services }, (_, n) => [`s${n}`, service(n)])),
    networks: { default: { external: true, name: "bench_default" } },
    secrets: { token: { external: true, name: secretName(secret) } },
  });
}
