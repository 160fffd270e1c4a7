// The stage: nodes by label, the tasks on each, and the lines between them.
import { bytes, count, longTime } from "./format.js";

const LABELS = {
  platform: { parts: ["web", "api"], what: "takes messages in" },
  db: { parts: ["redis"], what: "keeps the queue" },
  agent: { parts: ["agent"], what: "works on jobs" },
  service: { parts: ["model"], what: "knows the answer" },
};
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

/** Parts by label and node; the four labels always, so that what is missing can be seen. */
export function arrange(parts) {
  const groups = new Map(Object.keys(LABELS).map((label) => [label, new Map()]));
  for (const part of parts) {
    const nodes = groups.get(part.label) ?? groups.set(part.label, new Map()).get(part.label);
    nodes.set(part.node, [...(nodes.get(part.node) ?? []), part]);
  }
  const order = (part) => LABELS[part.label]?.parts.indexOf(part.part) ?? 0;
  for (const nodes of groups.values())
    for (const tasks of nodes.values())
      tasks.sort((a, b) => order(a) - order(b) || Number(a.slot) - Number(b.slot));
  return groups;
}

export class Stage {
  constructor() {
    this.tasks = new Map(); // "agent.1@node" -> element
    this.parts = [];
    this.shape = undefined;
    new ResizeObserver(() => this.drawLinks()).observe(byId("stage"));
  }

  show({ parts, stats, now }) {
    this.parts = parts;
    const shape = JSON.stringify(
      parts.map((part) => [part.label, part.node, part.task, part.version]),
    );
    if (shape !== this.shape) this.build(shape);
    for (const part of parts) {
      const waiting = part.part === "redis" ? `${stats.queued} waiting · ` : "";
      const detail = this.tasks.get(key(part))?.querySelector("small");
      if (detail)
        detail.textContent = `${waiting}v${part.version} · ${longTime(now / 1000 - part.since)}`;
    }
    const { files, bytes: size, writtenAt } = stats.results;
    const written = writtenAt === null ? "nothing written yet" : `written ${ago(now - writtenAt)}`;
    byId("volume-facts").textContent =
      `${count(files, "file", "files")} · ${bytes(size)} · ${written}`;
  }

  build(shape) {
    this.shape = shape;
    this.tasks.clear();
    const groups = arrange(this.parts);
    byId("groups").dataset.columns = groups.size;
    byId("groups").replaceChildren(
      ...[...groups].map(([label, nodes]) => {
        const title = element("h2", {}, label, element("span", {}, LABELS[label]?.what ?? ""));
        const cards = [...nodes].sort().map(([node, tasks]) => this.card(node, tasks));
        const wanted = LABELS[label]?.parts.join(" or ");
        const missing = shape === "" ? "Not known yet." : `No task of ${wanted} runs.`;
        if (cards.length === 0) cards.push(element("div", { class: "node missing" }, missing));
        return element(
          "section",
          { class: "group" },
          title,
          element("div", { class: "nodes" }, ...cards),
        );
      }),
    );
    this.drawLinks();
  }

  card(node, tasks) {
    const rows = tasks.map((part) => {
      const lamp = element("span", { class: "lamp" });
      const row = element(
        "li",
        { class: "task" },
        lamp,
        element("b", {}, name(part)),
        element("small"),
      );
      row.title = `task ${part.task}`;
      this.tasks.set(key(part), row);
      return row;
    });
    return element(
      "div",
      { class: "node" },
      element("h3", {}, node),
      element("ul", { class: "tasks" }, ...rows),
    );
  }

  /** The element of a task such as `agent.1` on a node, or of any task of a part. */
  find(task, node) {
    const exact = this.tasks.get(`${task}@${node}`);
    if (exact) return exact;
    const part = this.parts.find((other) => other.part === task?.split(".")[0]);
    return part && this.tasks.get(key(part));
  }

  /** A curve from one box to another: over the gap beside them, or in the margin when they are stacked. */
  curve(from, to) {
    const a = this.box(from);
    const b = this.box(to);
    if (Math.abs(a.left - b.left) < 40 || to.id === "volume") return this.stacked(to, a, b);
    const right = b.left > a.left;
    const [x1, x2] = right ? [a.right, b.left] : [a.left, b.right];
    const bend = (x2 - x1) / 2;
    return `M${x1} ${a.middle}C${x1 + bend} ${a.middle} ${x2 - bend} ${b.middle} ${x2} ${b.middle}`;
  }

  stacked(to, a, b) {
    const wide = byId("stage").clientWidth > 880;
    if (to.id === "volume" && wide) {
      const x = a.left - 32;
      return `M${a.left} ${a.middle}C${x} ${a.middle} ${x} ${a.middle} ${x} ${a.middle + 30}L${x} ${b.top}`;
    }
    const margin = Math.max(a.right, b.right) + (wide ? 16 : 34);
    const y2 = to.id === "volume" ? b.top + 16 : b.middle;
    return `M${a.right} ${a.middle}C${margin} ${a.middle} ${margin} ${y2} ${b.right} ${y2}`;
  }

  box(item) {
    const stage = byId("stage").getBoundingClientRect();
    const { left, right, top, height } = item.getBoundingClientRect();
    const y = top - stage.top - byId("stage").clientTop;
    const x = stage.left + byId("stage").clientLeft;
    return { left: left - x, right: right - x, top: y, middle: y + height / 2 };
  }

  drawLinks() {
    const of = (part) =>
      this.parts.filter((p) => p.part === part).map((p) => this.tasks.get(key(p)));
    const pairs = (from, to) => of(from).flatMap((a) => of(to).map((b) => [a, b]));
    const flow = [...pairs("web", "api"), ...pairs("api", "redis"), ...pairs("redis", "agent")];
    flow.push(...pairs("agent", "model"));
    const store = of("agent").map((agent) => [agent, byId("volume"), "store"]);
    this.links = [...flow, ...store].map(([from, to, kind]) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", this.curve(from, to));
      if (kind) path.setAttribute("class", kind);
      return { from, to, path };
    });
    byId("links").replaceChildren(...this.links.map((link) => link.path));
  }

  light(from, to) {
    const link = this.links?.find(
      (l) => (l.from === from && l.to === to) || (l.from === to && l.to === from),
    );
    for (const item of [to, link?.path]) {
      item?.classList.add("lit");
      setTimeout(() => item?.classList.remove("lit"), 500);
    }
  }
}

function name(part) {
  return part.part === "redis" ? "redis" : `${part.part}.${part.slot}`;
}

function key(part) {
  return `${part.part}.${part.slot}@${part.node}`;
}

export function ago(ms) {
  return ms < 3000 ? "just now" : `${longTime(ms / 1000)} ago`;
}

/** A new element with attributes and children (text or elements). */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
