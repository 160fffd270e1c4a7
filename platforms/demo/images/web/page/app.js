// Wires the stream of events to what the page shows. The server makes first.js as the page loads.
import first from "./first.js";
import { Flow } from "./flow.js";
import { count, duration, median, smooth, sparkline } from "./format.js";
import { JobList, showAnswer } from "./jobs.js";
import { element, Stage } from "./stage.js";
import { listen, post } from "./stream.js";

const byId = (id) => document.getElementById(id);
const stage = new Stage();
const flow = new Flow(stage);
const jobs = new JobList();
const CALM = 8; // seconds that one point of the sparkline sums up
let mine; // id of the message sent last from this page

function setLink(state, text, banner) {
  byId("link").dataset.state = state;
  byId("link-text").textContent = text;
  byId("banner").hidden = banner === undefined;
  byId("banner").textContent = banner ?? "";
  byId("stage").classList.toggle("still", state !== "live");
}

function showState(state) {
  setLink("live", "Live");
  stage.show(state);
  const { parts, stats } = state;
  const nodes = new Set(parts.map((part) => part.node)).size;
  byId("summary").textContent =
    `${count(parts.length, "task", "tasks")} on ${count(nodes, "node", "nodes")} of one swarm`;
  byId("m-done").textContent = stats.done.toLocaleString("en");
  byId("m-failed").textContent = stats.failed.toLocaleString("en");
  byId("m-failed-box").classList.toggle("bad", stats.failed > 0);
  byId("m-queued").textContent = stats.queued.toLocaleString("en");
  byId("m-rate").textContent = stats.perSecond.reduce((sum, number) => sum + number, 0);
  const { line, area } = sparkline(smooth(stats.perSecond, CALM).slice(CALM), 240, 44);
  document.querySelector("#spark .line").setAttribute("d", line);
  document.querySelector("#spark .area").setAttribute("d", area);
  byId("generator").checked = stats.generator;
  showRecent();
  jobs.say(
    stats.generator
      ? "No jobs yet. The first ones are on their way."
      : "No jobs yet. Send a message, or switch on the samples.",
  );
}

function begin(state) {
  flow.clear();
  jobs.reset(state.jobs);
  showState(state);
}

function showRecent() {
  const middle = median(jobs.times());
  byId("m-median").textContent = middle === undefined ? "–" : duration(middle);
  const topics = jobs.topics();
  const most = Math.max(1, ...topics.map(([, number]) => number));
  byId("topics").replaceChildren(
    ...topics.flatMap(([topic, number]) => {
      const bar = element("i", { "data-topic": topic });
      bar.style.width = `${(number / most) * 100}%`;
      return [element("dt", {}, topic), element("dd", {}, bar, element("span", {}, `${number}`))];
    }),
  );
}

stage.build(""); // empty until the api tells what runs
jobs.say("Jobs show up here.");
showRecent();
if (first !== undefined) begin(first);
listen("api/events", {
  hello: begin,
  state: showState,
  job(job) {
    jobs.change(job);
    flow.follow(job);
    if (job.id === mine) showAnswer(byId("answer"), job);
  },
  away() {
    flow.clear();
    setLink("away", "Queue away", "Redis does not answer. Jobs go on as soon as it is back.");
  },
  lost() {
    flow.clear();
    setLink("away", "Reconnecting", "The api does not answer. The page tries again by itself.");
  },
});

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("send").disabled = true;
  try {
    const job = await post("api/jobs", { text: byId("text").value });
    mine = job.id;
    jobs.mine.add(job.id);
    byId("text").value = "";
    showCount();
    // Its first events may have come before this answer.
    showAnswer(byId("answer"), jobs.jobs.get(job.id) ?? job);
    jobs.draw();
  } catch (error) {
    showAnswer(byId("answer"), { status: "failed", error: error.message });
  } finally {
    byId("send").disabled = false;
  }
});

byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    byId("form").requestSubmit();
  }
});

function showCount() {
  byId("count").textContent = `${280 - byId("text").value.length} left`;
}
byId("text").addEventListener("input", showCount);

byId("generator").addEventListener("change", async (event) => {
  const on = event.target.checked;
  await post("api/generator", { on }).catch(() => {
    event.target.checked = !on;
  });
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const kept = localStorage.getItem("theme");
if (kept !== null) root.dataset.theme = kept;
byId("theme").addEventListener("click", () => {
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
