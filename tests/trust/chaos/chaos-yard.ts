import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { portOffsets } from "../../../components/config/environment/defaults";
import type { Yard } from "../../e2e/yard";
import { sleeper, tool, trial, trialYard } from "../trial";

/** How long a manager may take to answer a question before another one is asked. */
const ANSWER_MS = 15_000;

export const groups = ["swarmyard:hosts", "groups"] as const;
/** Tasks of the service that is asked all the time, and of all services. */
export const replicas = 2;
export const allTasks = replicas + 1;

/**
 * Three managers and two workers, whose service `web` is asked all the time; nothing but its update
 * policy protects a request.
 */
export function chaosYard(stack: string): Yard {
  const program = fs.readFileSync(path.join(__dirname, "../programs/serve.py"), "utf8");
  const yard = trialYard(stack, { "serve.py": program, key: "the-first-key", motto: "one" });
  yard.set([...groups, "platform", "count"], 3);
  yard.set(
    [...groups, "db", "names"],
    [0, 1].map((n) => host(yard, "db", n)),
  );
  yard.set([...trial, "secrets"], { key: { file: "key" } });
  yard.set([...trial, "configs"], { motto: { file: "motto" }, serve: { file: "serve.py" } });
  setServices(yard);
  return yard;
}

/**
 * Sets the services: `web`, which is asked, and `side`, whose tasks another `round` replaces. Swarm opens a
 * node's port with a container, before the program in it listens, so a rollout of `web` itself may lose a
 * connection without any fault.
 */
export function setServices(yard: Yard, round = 0, more: object = {}): void {
  const side = { ...sleeper, env: { ROUND: `${round}` }, ...more };
  yard.set([...trial, "services"], { web: web(), side });
}

/** The service that is asked. */
export function web(more: object = {}): object {
  const check = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000')";
  return {
    image: tool,
    command: ["python3", "/serve.py"],
    replicas,
    stopGracePeriod: "15s",
    restart: { condition: "any", delay: "1s" },
    secrets: { key: { source: "key" } },
    configs: { "/etc/motto": { source: "motto" }, "/serve.py": { source: "serve" } },
    ports: [{ target: 8000, published: 8000 }],
    placement: { constraints: ["node.labels.db == true"], maxReplicasPerNode: 1 },
    update: { order: "stop-first", monitor: "3s" },
    healthcheck: {
      test: ["CMD", "python3", "-c", check],
      ...{ interval: "1s", timeout: "5s", retries: 5, startPeriod: "30s" },
    },
    ...more,
  };
}

/** Where the service is asked. */
export function urlOf(yard: Yard): string {
  return `http://127.0.0.1:${8000 + portOffsets(yard.stack)[0]}/`;
}

/** Name of a host. */
export function host(yard: Yard, group: string, n: number): string {
  return `yard-${yard.stack}-${group}-${n}`;
}

/** Name of a host's container on this machine. */
export function container(yard: Yard, name: string): string {
  return `swarmyard-${yard.stack}-${name}`;
}

/** Names of all hosts that have a container, in the order of their names. */
export function hostsOf(yard: Yard): readonly string[] {
  const prefix = `swarmyard-${yard.stack}-yard-`;
  return Object.keys(yard.machines())
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(`swarmyard-${yard.stack}-`.length))
    .sort();
}

/** Runs a command on a host. */
export function on(yard: Yard, name: string, ...command: string[]): string {
  return execFileSync("docker", ["exec", container(yard, name), ...command], {
    encoding: "utf8",
    stdio: "pipe",
    timeout: ANSWER_MS,
    maxBuffer: 2 ** 26,
  });
}

/** Runs a docker command on the first manager that answers. @throws what the last one said */
export function swarm(yard: Yard, ...command: string[]): string {
  let said: unknown;
  for (const name of hostsOf(yard).filter((one) => one.includes("-platform-"))) {
    try {
      return on(yard, name, "docker", ...command).trim();
    } catch (error) {
      said = error;
    }
  }
  throw said;
}

/** Lines of a docker command's output. */
export function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Name of the host that is the swarm's leader. */
export function leader(yard: Yard): string {
  const format = "{{.Hostname}} {{.ManagerStatus}}";
  const found = lines(swarm(yard, "node", "ls", "--format", format)).find((line) =>
    line.endsWith(" Leader"),
  );
  if (found === undefined) throw new Error("the swarm has no leader");
  return found.split(" ")[0] ?? "";
}
