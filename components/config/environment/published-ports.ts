import type { Environment } from "./environment";

/** A port that platforms publish on the nodes. */
export interface PublishedPort {
  readonly platform: string;
  readonly published: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** Ports that platforms publish on the nodes, each once per platform. */
export function publishedPorts({ platforms }: Pick<Environment, "platforms">): PublishedPort[] {
  const ports = platforms.flatMap(({ name: platform, plan }) =>
    Object.values(plan.services).flatMap((service) =>
      (service.ports ?? []).flatMap(({ published, protocol }) =>
        published === undefined ? [] : [{ platform, published, protocol: protocol ?? "tcp" }],
      ),
    ),
  );
  const seen = new Map(
    ports.map((port) => [`${port.platform} ${port.published}/${port.protocol}`, port]),
  );
  return [...seen.values()];
}
