import { checkerOf } from "../../model/fields/check";
import { FORGET_VARIABLE, isForgotten } from "../../model/forgotten";
import { type ScriptInputs, scriptFields } from "../../model/kinds/machine";
import { changesBetween, topLevel } from "../../model/paths";
import { UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind } from "../kind";
import { readConnection, runAsRoot, runOverNewConnection, Unreachable } from "./connections";
import { Turns } from "./turns";

/** All updates of a run. */
const updates = new Turns();

/** Machines that are forgotten and did not answer, as they are reached: nobody waits for them again. */
const gone = new Set<string>();

/** Bash scripts that run as root on an existing machine: to make, to change and to undo something. */
export const scriptKind: Kind<ScriptInputs, KindContext> = {
  token: "swarm:index:Script",
  secrets: ["connection", "stdin"],
  check: checkerOf(scriptFields),
  diff: (old, news) =>
    changesBetween(old.inputs, news, "", (path) => topLevel(path) === "triggers"),
  plan: (news, old) => ({ ...news, stdout: old?.state.stdout ?? UNKNOWN }),
  async create(inputs, context) {
    const stdout = await runConfirmed(inputs.create, inputs, context);
    return { id: context.urn.split("::").at(-1) ?? "script", state: { ...inputs, stdout } };
  },
  async read(id, old) {
    if (!old) throw new Error("a Script cannot be imported; let Pulumi run it");
    return { id, inputs: old.inputs, state: old.state };
  },
  async update(old, news, context) {
    const changed = changesBetween(old.inputs, news, "", () => false).map(({ path }) =>
      topLevel(path),
    );
    const runs = changed.some((field) => ["create", "update", "stdin"].includes(field));
    const before = String(old.state.stdout ?? "");
    const { update } = news;
    // It may restart a Docker engine, or close a port: the other machines wait until this one is well.
    const stdout =
      runs && update !== undefined
        ? await updates.take(context.urn.split("::").at(-1) ?? "", () =>
            runConfirmed(update, news, context),
          )
        : before;
    return { id: old.id, state: { ...news, stdout } };
  },
  async delete({ inputs }, context) {
    if (inputs.delete === undefined || gone.has(inputs.connection)) return;
    try {
      await run(inputs.delete, inputs, context);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const { host } = readConnection(inputs.connection);
      const text = `${error.message}\nWhat this environment put on it is still there.`;
      if (!isForgotten(host, process.env[FORGET_VARIABLE])) {
        const fix = `Start it and run this again; if it is gone for good: ${again(context.urn, host)}`;
        throw new Error(`${text} ${fix}`);
      }
      gone.add(inputs.connection);
      context.warn(text);
    }
  },
};

/** The command that goes on without a machine. */
function again(urn: string, address: string): string {
  const stack = /^urn:pulumi:(.+?)::/.exec(urn)?.[1] ?? "<environment>";
  return `npm run up (or down) -- -s ${stack} --forget ${address}`;
}

/** Runs a script, and after it the one that confirms it, which must not use the connection of before. */
async function runConfirmed(script: string, inputs: ScriptInputs, context: KindContext) {
  const stdout = await run(script, inputs, context);
  if (inputs.confirm !== undefined) {
    const { connection, timeout } = inputs;
    const work = { connection, script: inputs.confirm, input: () => [], seconds: timeout };
    await runOverNewConnection(work, context);
  }
  return stdout;
}

async function run(script: string, inputs: ScriptInputs, context: KindContext): Promise<string> {
  const { connection, stdin, timeout } = inputs;
  const input = () => (stdin === undefined ? [] : [stdin]);
  return await runAsRoot({ connection, script, input, seconds: timeout }, context);
}
