import type { PlatformSpec } from "../../components/model/platform/spec";

/**
 * Traefik on port 80 of a manager: it passes each request on to the service whose labels name the
 * request's host. The services and Traefik share `main_network`.
 */
export const platform: PlatformSpec = {
  folder: __dirname,
  networks: { main_network: { external: true, name: "main_network" } },
  services: {
    traefik: {
      image: "traefik:v3.7",
      command: [
        "--providers.swarm=true",
        "--providers.swarm.endpoint=unix:///var/run/docker.sock",
        "--providers.swarm.exposedByDefault=false",
        "--providers.swarm.network=main_network",
        "--entryPoints.web.address=:80",
      ],
      ports: [{ target: 80, published: 80 }],
      mounts: {
        "/var/run/docker.sock": { type: "bind", source: "/var/run/docker.sock", readOnly: true },
      },
      // The README says what that means, and how to do without.
      nodeAccess: { "/var/run/docker.sock": "Traefik reads the services and their labels there" },
      networks: { main_network: {} },
      // Only managers know the services.
      placement: { constraints: ["node.role == manager"] },
    },
  },
};
