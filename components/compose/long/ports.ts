import { isIP } from "node:net";
import type { Keys } from "../../model/problem";
import { changed, listNode, mapOf, member, type Node, scalar, shown, withTag } from "../tree";
import type { LongForm, Place } from "./place";

const PUBLISHED = /^(?:\d+(?:-\d+)?)?$/;
const TARGET = /^(\d+(?:-\d+)?)(?:\/(\w+))?$/;
const MOST = 65_535;
/** A swarm takes minutes for some thousand ports. */
const MOST_PORTS = 10_000;

/** Ports as maps, one for each port of a range. */
export const ports: LongForm = (node, place, keys) => {
  if (node.kind !== "list") return node;
  const items = node.items.flatMap((item, index) =>
    item.kind === "scalar" ? shortPort(item.text, item, [...keys, index], place) : [lowered(item)],
  );
  return withTag(listNode(items, node.at), node.tag);
};

/** Docker engines take `TCP` too. */
function lowered(port: Node): Node {
  const protocol = member(port, "protocol");
  if (port.kind !== "map" || protocol?.kind !== "scalar" || !/[A-Z]/.test(protocol.text))
    return port;
  return changed(port, (value, key) =>
    key === "protocol" ? scalar(protocol.text.toLowerCase(), protocol.at) : value,
  );
}

/** The parts of `[address:][published:]target[/protocol]`; what is before the last two colons is the address. */
function partsOf(text: string) {
  const [last = "", from = "", ...before] = text.split(":").reverse();
  const target = TARGET.exec(last);
  if (target === null || !PUBLISHED.test(from)) return undefined;
  const address = before
    .reverse()
    .join(":")
    .replace(/^\[(.*)\]$/, "$1");
  // Empty text, as of a variable that is not set, is every address.
  if (address !== "" && isIP(address) === 0) return undefined;
  const [, to = "", protocol = "tcp"] = target;
  // 0 is any port, as none is.
  return {
    address: address || undefined,
    from: /^0*$/.test(from) ? undefined : from,
    to,
    protocol,
  };
}

function shortPort(
  text: string,
  node: Node,
  keys: Keys,
  { findings, expanded }: Place,
): readonly Node[] {
  const wrong = (found: string, allowed: string): readonly Node[] => {
    findings.wrong(node.at, keys, { found, allowed, fix: "`8080:80`" });
    return [];
  };
  const parts = partsOf(text);
  if (parts === undefined) {
    return wrong(shown(node), "`[published:]target[/protocol]`, such as `8080:80` or `53:53/udp`");
  }
  const { address, from, to, protocol } = parts;
  const targets = range(to);
  const published = from === undefined ? NONE : range(from);
  if (targets === undefined || published === undefined) {
    return wrong(shown(node), "ports from 1 to 65535, the smaller one first");
  }
  if (published.count > 0 && targets.count > 1 && published.count !== targets.count) {
    return wrong(
      `${published.count} published ports for ${targets.count} ports`,
      "as many of both",
    );
  }
  const count = Math.max(targets.count, published.count);
  expanded.ports += count;
  if (expanded.ports > MOST_PORTS) {
    return wrong(`more than ${MOST_PORTS} ports`, "ranges of fewer ports");
  }
  const number = ({ first, count }: Range, index: number) =>
    count === 0 ? undefined : scalar(first + Math.min(index, count - 1), node.at);
  return Array.from({ length: count }, (_, index) =>
    mapOf(
      {
        target: number(targets, index),
        published: published.count > index ? number(published, index) : undefined,
        protocol: scalar(protocol.toLowerCase(), node.at),
        host_ip: address === undefined ? undefined : scalar(address, node.at),
      },
      node.at,
    ),
  );
}

/** Ports that follow each other. They are not listed before their number is known to be allowed. */
interface Range {
  readonly first: number;
  readonly count: number;
}

const NONE: Range = { first: 0, count: 0 };

function range(text: string): Range | undefined {
  const [first = 0, last = first] = text.split("-").map(Number);
  if (first < 1 || last < first || last > MOST) return undefined;
  return { first, count: last - first + 1 };
}
