import type { Yard } from "./yard";

/** Nodes by the end of their name: role and state. */
export async function nodeStates(yard: Yard): Promise<{ readonly [name: string]: string }> {
  const format = "{{.Hostname}} {{if .ManagerStatus}}manager{{else}}worker{{end}} {{.Status}}";
  const lines = (await yard.docker("node", "ls", "--format", format)).trim().split("\n");
  const fields = lines.map((line) => line.split(" "));
  return Object.fromEntries(
    fields.map(([name = "", ...rest]) => [name.split("-").slice(-2).join("-"), rest.join(" ")]),
  );
}

/** Each service with the group of hosts that its tasks run on. */
export async function placesOf(yard: Yard): Promise<readonly string[]> {
  const tasks = await yard.tasks();
  return [
    ...new Set(tasks.map(({ service, node }) => `${service} ${node.split("-").at(-2)}`)),
  ].sort();
}

/** What {@link placesOf} says of the demo. */
export const demoPlaces = [
  "demo_agent agent",
  "demo_api platform",
  "demo_model service",
  "demo_redis db",
  "demo_web platform",
];
