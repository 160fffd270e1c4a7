// The list of the latest jobs, and the answer to a message of one's own.
import { duration } from "./format.js";
import { element } from "./stage.js";

const SHOWN = 9;
const KEPT = 100;
const TOPICS = ["praise", "problem", "question", "idea", "other"];

export class JobList {
  constructor() {
    this.list = document.getElementById("jobs");
    this.empty = document.getElementById("empty");
    this.jobs = new Map(); // id -> job, newest first in `show`
    this.mine = new Set();
  }

  reset(jobs) {
    this.jobs = new Map([...jobs].reverse().map((job) => [job.id, job]));
    this.draw();
  }

  change(job) {
    const fresh = !this.jobs.has(job.id);
    this.jobs.set(job.id, job);
    while (this.jobs.size > KEPT) this.jobs.delete(this.jobs.keys().next().value);
    this.draw(fresh ? job.id : undefined);
  }

  /** Times of jobs that are done, in ms. */
  times() {
    const done = [...this.jobs.values()].filter((job) => job.status === "done");
    return done.map((job) => job.finishedAt - job.queuedAt);
  }

  /** How many of the latest jobs were about what, in a fixed order. */
  topics() {
    const all = [...this.jobs.values()].map((job) => job.topic);
    return TOPICS.map((topic) => [topic, all.filter((other) => other === topic).length]);
  }

  say(text) {
    this.empty.textContent = text;
    this.draw();
  }

  draw(freshId) {
    const newest = [...this.jobs.values()].reverse().slice(0, SHOWN);
    this.empty.hidden = newest.length > 0;
    this.list.replaceChildren(
      ...newest.map((job) => row(job, job.id === freshId, this.mine.has(job.id))),
    );
  }
}

function row(job, fresh, mine) {
  const item = element("li", { class: `job${fresh ? " fresh" : ""}${mine ? " mine" : ""}` });
  const state = job.status === "failed" ? "failed" : (job.topic ?? job.status);
  const topic = element("span", { class: "topic", "data-topic": state }, state);
  item.append(
    topic,
    element("span", { class: "text" }, job.text),
    element("span", { class: "took" }, took(job)),
  );
  if (job.reply ?? job.error)
    item.append(element("span", { class: "reply" }, job.reply ?? job.error));
  const route = element("span", { class: "route" }, element("span", {}, `#${job.id}`));
  if (job.agentTask) route.append(element("span", {}, `${job.agentTask} on ${job.agentNode}`));
  if (job.modelTask) {
    const thinking = duration(job.modelMs);
    route.append(element("span", {}, `${job.modelTask} on ${job.modelNode}, ${thinking}`));
  }
  item.append(route);
  return item;
}

function took(job) {
  return job.finishedAt === undefined ? "…" : duration(job.finishedAt - job.queuedAt);
}

/** What is said below the form about a message of one's own. */
export function showAnswer(box, job) {
  box.classList.toggle("bad", job.status === "failed");
  if (job.status !== "done") {
    const where =
      job.status === "taken" ? `${job.agentTask} is working on it…` : "It waits in the queue…";
    box.replaceChildren(element("p", {}, job.error ?? where));
    return;
  }
  const sure = `${Math.round(job.score * 100)} % sure: ${job.topic}`;
  const by = `${job.modelTask} on ${job.modelNode} in ${took(job)}, written to ${job.file}`;
  box.replaceChildren(
    element("p", {}, element("span", { class: "topic", "data-topic": job.topic }, sure)),
    element("p", {}, job.reply),
    element("p", {}, element("small", {}, by)),
  );
}
