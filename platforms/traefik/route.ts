import type { ServiceSpec } from "../../components/model/platform/service-spec";

/**
 * Labels by which Traefik passes requests for a host on to a service, however many tasks it has and
 * wherever they run. The service needs no published port.
 *
 * @param name unique among all routes of the swarm
 * @param port on which the service listens
 * @example
 * services: { web: { image: "web:1", ...route("shop", "shop.example.org", 8000) } }
 */
export function route(name: string, host: string, port: number): Pick<ServiceSpec, "labels"> {
  return {
    labels: {
      "traefik.enable": "true",
      [`traefik.http.routers.${name}.rule`]: `Host(\`${host}\`)`,
      [`traefik.http.routers.${name}.entrypoints`]: "web",
      [`traefik.http.services.${name}.loadbalancer.server.port`]: `${port}`,
    },
  };
}
