import type { Environment } from "./environment";

/** A port that platforms publish on the nodes. */
export interface PublishedPort {
  readonly published: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** Ports that platforms publish on the nodes, each once. */
export function publishedPorts({ platforms }: Pick<Environment, "platforms">): PublishedPort[] {
  const ports = platforms.flatMap(({ spec }) =>
    Object.values(spec.services).flatMap((service) =>
      (service.ports ?? []).flatMap(({ published, protocol }) =>
        published === undefined ? [] : [{ published, protocol: protocol ?? "tcp" }],
      ),
    ),
  );
  const seen = new Map(ports.map((port) => [`${port.published}/${port.protocol}`, port]));
  return [...seen.values()];
}
