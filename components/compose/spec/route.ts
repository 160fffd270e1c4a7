import type { RouteSpec } from "../../model/platform/service-spec";
import type { Keys } from "../../model/problem";
import { itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";
import { given } from "./values";

/** Our own key for a service's route. */
export const ROUTE_KEY = "x-route";

/** The route of a service: its port is the only one that the service exposes when it says none. */
export function routeOf(service: Node, above: Keys, { values }: Context): RouteSpec | undefined {
  const node = member(service, ROUTE_KEY);
  if (node?.kind !== "map") return undefined;
  const at = (key: string) => [member(node, key), [...above, ROUTE_KEY, key]] as const;
  const host = values.text(...at("host"));
  if (host === undefined) {
    return values.wrong(
      node,
      [...above, ROUTE_KEY],
      "a host name, or a map with `host`",
      "`x-route: shop.example.org`",
    );
  }
  return given({
    host,
    path: values.text(...at("path")),
    port: values.whole(...at("port"), 1) ?? exposed(service),
    entryPoint: values.text(...at("entryPoint")),
    tls: values.flag(...at("tls")),
    resolver: values.text(...at("resolver")),
    name: values.text(...at("name")),
  });
}

function exposed(service: Node): number | undefined {
  const ports = itemsOf(member(service, "expose")).flatMap((item) => {
    const [, port] = /^(\d+)(?:\/tcp)?$/.exec(item.kind === "scalar" ? item.text : "") ?? [];
    return port === undefined ? [] : [Number(port)];
  });
  return ports.length === 1 ? ports[0] : undefined;
}
