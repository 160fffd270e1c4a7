import { posix } from "node:path";
import { nearest } from "../../model/nearest";
import { changed, entriesOf, type MapNode, mapNode, member, type Node } from "../tree";
import { loadFile } from "./load";
import { mergeFiles } from "./merge";
import type { FileSet } from "./request";

/** Lays each service over the one that it extends, in the same file or in another. */
export function withExtended(root: MapNode, set: FileSet): MapNode {
  return extendedBy(new Extending(set, false), root);
}

/** The same, but services that extend one that the file does not have stay as they are. */
export function withOwnExtended(root: MapNode, set: FileSet): MapNode {
  return extendedBy(new Extending(set, true), root);
}

function extendedBy(extending: Extending, root: MapNode): MapNode {
  return changed(root, (value, key) =>
    key === "services" && value.kind === "map"
      ? changed(value, (service, name) => extending.service(service, name, root, []))
      : value,
  );
}

/** No one keeps more in mind. */
const LONGEST_CHAIN = 100;

class Extending {
  private readonly files = new Map<string, MapNode | undefined>();
  /** Services that are done, by their file: many can extend the same one. */
  private readonly done = new Map<MapNode, Map<string, Node>>();

  /** @param leaves leaves services alone whose base is not in the file */
  constructor(
    private readonly set: FileSet,
    private readonly leaves: boolean,
  ) {}

  /** @param path services that led here, so that a circle is found */
  service(service: Node, name: string, root: MapNode, path: readonly string[]): Node {
    const before = this.done.get(root)?.get(name);
    if (before !== undefined) return before;
    const made = this.made(service, name, root, path);
    this.done.set(root, (this.done.get(root) ?? new Map()).set(name, made));
    return made;
  }

  private made(service: Node, name: string, root: MapNode, path: readonly string[]): Node {
    const stated = member(service, "extends");
    if (service.kind !== "map" || stated === undefined || stated.kind === "scalar") return service;
    const own = mapNode(
      [...service.entries].filter(([key]) => key !== "extends"),
      service.at,
    );
    const wanted = textAt(stated, "service");
    const file = textAt(stated, "file");
    const there = file === undefined ? root : this.file(file, stated);
    if (there === undefined) return own;
    const id = `${file ?? ""}#${wanted}`;
    const services = member(there, "services");
    const base = wanted === undefined ? undefined : member(services, wanted);
    if (this.leaves && file === undefined && base === undefined) return service;
    const circle = path.includes(id) || path.length > LONGEST_CHAIN;
    if (wanted === undefined || base === undefined || circle) {
      const known = entriesOf(services).map(([key]) => key);
      this.refuse(stated, name, wanted, circle, known);
      return own;
    }
    const full = this.service(base, wanted, there, [...path, id]);
    const merged = mergeFiles(inService(full), inService(own), this.set.findings);
    return member(member(merged, "services"), "x") ?? own;
  }

  private file(path: string, stated: Node): MapNode | undefined {
    if (!this.files.has(path)) {
      const set = { ...this.set, base: posix.dirname(path), chain: [] };
      this.files.set(path, loadFile(path, set, stated.at));
    }
    return this.files.get(path);
  }

  private refuse(
    stated: Node,
    name: string,
    wanted: string | undefined,
    circle: boolean,
    known: readonly string[],
  ): void {
    if (this.set.findings.full) return;
    // Comparing with thousands of names for each wrong one would take minutes.
    const near = wanted === undefined ? undefined : nearest(wanted, known.slice(0, 200));
    this.set.findings.wrong(stated.at, ["services", name, "extends"], {
      found: circle
        ? `the service ${wanted}, which extends itself, or over ${LONGEST_CHAIN} others in turn`
        : `the service ${wanted ?? "nothing"}, which does not exist there`,
      allowed: known.slice(0, 50).join(", ") || "a service of that file",
      fix:
        near === undefined || circle
          ? "another service, or remove `extends`"
          : `did you mean \`${near}\`?`,
    });
  }
}

/** The merge rules know lists of services by their keys. */
function inService(service: Node): Node {
  const within = (key: string, value: Node) => mapNode([[key, { at: value.at, value }]], value.at);
  return within("services", within("x", service));
}

function textAt(node: Node, key: string): string | undefined {
  const value = member(node, key);
  return value?.kind === "scalar" && value.value !== null ? value.text : undefined;
}
