import type { Keys } from "../../model/problem";
import type { Findings } from "../findings";
import { changed, listNode, type MapNode, mapNode, type Node, scalar, withTag } from "../tree";
import { type Lookup, SubstitutionError, substitute } from "./substitute";

/** How the variables of a file are filled in. */
export interface Interpolation {
  readonly lookup: Lookup;
  /** Also in keys, as `envsubst` does. Docker fills in values only. */
  readonly inKeys: boolean;
  readonly findings: Findings;
}

/** Fills in the variables of everything but `x-` keys. What an alias stands for is filled in once. */
export function interpolate(root: Node, interpolation: Interpolation): Node {
  if (root.kind !== "map") return root;
  const pass = new Pass(interpolation);
  return changed(root, (value, key) =>
    key.startsWith("x-") || key === "version" ? value : pass.node(value, [key]),
  );
}

class Pass {
  private readonly done = new Map<Node, Node>();
  private readonly missing = new Set<string>();

  constructor(private readonly how: Interpolation) {}

  node(node: Node, keys: Keys): Node {
    const before = this.done.get(node);
    if (before !== undefined) return before;
    const made = this.fresh(node, keys);
    this.done.set(node, made);
    return made;
  }

  private fresh(node: Node, keys: Keys): Node {
    if (node.kind === "map") return this.map(node, keys);
    if (node.kind === "list") {
      const items = node.items.map((item, index) => this.node(item, [...keys, index]));
      return withTag(listNode(items, node.at), node.tag);
    }
    if (typeof node.value !== "string") return node;
    const value = this.text(node.value, node, keys);
    if (value === node.value) return node;
    return { ...withTag(scalar(value, node.at), node.tag), written: node.value };
  }

  private map(node: MapNode, keys: Keys): MapNode {
    const entries = [...node.entries].map(([key, { at, value }]) => {
      const filled = this.how.inKeys ? this.text(key, value, [...keys, key]) : key;
      return [filled, { at, value: this.node(value, [...keys, key]) }] as const;
    });
    return withTag(mapNode(entries, node.at), node.tag);
  }

  private text(text: string, { at }: Node, keys: Keys): string {
    const { lookup, findings } = this.how;
    const [swallowed = "", name] = swallowing(text);
    if (name !== undefined) {
      findings.warn(at, keys, {
        found: `\`${swallowed}\`, of which \`docker stack deploy\` takes what follows ${name} as a default, and leaves it out`,
        allowed: "braces around a name before `-`, `?` or `:`",
        fix: `\`${swallowed.replace(`$${name}`, `\${${name}}`)}\``,
      });
    }
    try {
      return substitute(text, lookup, (name) => {
        if (this.missing.has(name)) return;
        this.missing.add(name);
        findings.warn(at, keys, {
          found: `the variable ${name}, which is not set`,
          allowed: "a variable that is set, or one with a default",
          fix: `\`\${${name}:-<default>}\`, or set ${name}; until then it is empty`,
        });
      });
    } catch (error) {
      if (!(error instanceof SubstitutionError)) throw error;
      const allowed = "variables that can be filled in";
      findings.unreadable(at, keys, { found: error.message, allowed, fix: error.fix });
      return text;
    }
  }
}

/** A name without braces of which Docker takes too much, as `$TAG-alpine`. */
function swallowing(text: string): readonly string[] {
  if (!text.includes("$")) return [];
  const bare = text.replaceAll(/\$\$|\$\{[^{}$]*\}/g, " ");
  return /\$([_a-zA-Z]\w*):?[-?][^}\s]+/.exec(bare) ?? [];
}
