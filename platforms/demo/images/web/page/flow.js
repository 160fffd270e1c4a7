// Dots on the stage, one per job, each following its job from part to part.

const MOST = 24;
const LEG_MS = 480;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Flow {
  constructor(stage) {
    this.stage = stage;
    this.layer = document.getElementById("dots");
    this.moving = new Map(); // job id -> { dot, at, chain }
  }

  /** A job changed; its dot goes on once it has arrived where it was heading. */
  follow(job) {
    if (document.hidden || this.stage.tasks.size === 0) return;
    if (!this.moving.has(job.id) && (job.status !== "queued" || this.moving.size >= MOST)) return;
    const trip = this.moving.get(job.id) ?? this.start(job);
    trip.chain = trip.chain.then(() => this.advance(trip, job)).catch(() => this.end(job.id));
  }

  start(job) {
    const dot = document.createElement("div");
    dot.className = "dot";
    const trip = {
      dot,
      at: this.stage.find(job.source === "you" ? "web" : "api"),
      chain: Promise.resolve(),
    };
    if (!still.matches) this.layer.append(dot);
    this.moving.set(job.id, trip);
    return trip;
  }

  async advance(trip, job) {
    const { stage } = this;
    const agent = stage.find(job.agentTask, job.agentNode);
    const model = stage.find(job.modelTask ?? "model", job.modelNode);
    if (job.status === "queued") {
      if (job.source === "you") await this.move(trip, stage.find("api"));
      await this.move(trip, stage.find("redis"));
    } else if (job.status === "taken") {
      await this.move(trip, agent);
    } else {
      if (job.status === "done") await this.move(trip, model);
      trip.dot.dataset.topic = job.topic ?? "failed";
      await this.move(trip, agent);
      if (job.status === "done") await this.move(trip, document.getElementById("volume"));
      this.end(job.id);
    }
  }

  async move(trip, to) {
    const from = trip.at;
    if (!from?.isConnected || !to?.isConnected) throw new Error("a part is gone");
    trip.at = to;
    if (from === to) return;
    if (!still.matches) {
      trip.dot.style.offsetPath = `path("${this.stage.curve(from, to)}")`;
      const way = [{ offsetDistance: "0%" }, { offsetDistance: "100%" }];
      const options = { duration: LEG_MS, easing: "cubic-bezier(.45,.05,.4,1)", fill: "forwards" };
      await trip.dot.animate(way, options).finished;
    }
    this.stage.light(from, to);
  }

  end(id) {
    const dot = this.moving.get(id)?.dot;
    this.moving.delete(id);
    if (!dot) return;
    dot.style.opacity = "0";
    setTimeout(() => dot.remove(), 300);
  }

  /** Forgets all that is on its way: after a break the stage may look different. */
  clear() {
    for (const id of [...this.moving.keys()]) this.end(id);
  }
}
