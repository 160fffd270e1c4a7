import type { Keys } from "../../model/problem";
import type { Port } from "../../model/service/inputs";
import { itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";
import { given } from "./values";

const MOST = 65_535;

/** The ports of a service. */
export function portsOf(service: Node, keys: Keys, context: Context): readonly Port[] | undefined {
  const items = itemsOf(member(service, "ports"));
  const ports = items.flatMap(
    (item, index) => portOf(item, [...keys, "ports", index], context) ?? [],
  );
  return ports.length === 0 ? undefined : ports;
}

function portOf(item: Node, keys: Keys, context: Context): Port | undefined {
  const { values } = context;
  const number = (key: string) => {
    const node = member(item, key);
    const port = values.whole(node, [...keys, key]);
    if (node === undefined || port === undefined || port <= MOST) return port;
    return values.wrong(node, [...keys, key], "a port from 1 to 65535", "`8080`");
  };
  const target = number("target");
  const published = number("published");
  const protocol = values.word(
    member(item, "protocol"),
    [...keys, "protocol"],
    ["tcp", "udp", "sctp"],
  );
  const mode = modeOf(member(item, "mode"), [...keys, "mode"], context);
  if (target === undefined) {
    return member(item, "target") === undefined
      ? values.wrong(item, keys, "a port with `target`", "`target: 80`")
      : undefined;
  }
  // Docker leaves these defaults out too, so that the environment's settings can set the mode.
  return given({
    target,
    published: published === 0 ? undefined : published,
    protocol: protocol === "tcp" ? undefined : protocol,
    mode,
  });
}

function modeOf(node: Node | undefined, keys: Keys, { values, findings }: Context): Port["mode"] {
  const text = values.text(node, keys);
  if (text === "ingress" || text === "host") return text;
  if (text === undefined || node === undefined) return undefined;
  const found = `${JSON.stringify(text)}, which a Docker engine takes as ingress without a word`;
  findings.impossible(node.at, keys, { found, allowed: "ingress, host", fix: "`mode: ingress`" });
  return undefined;
}
