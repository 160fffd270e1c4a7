import { checkerOf } from "../../model/fields/check";
import { type ScriptInputs, scriptFields } from "../../model/kinds/machine";
import { changesBetween, topLevel } from "../../model/paths";
import { UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind } from "../kind";
import { runAsRoot, runOverNewConnection, Unreachable } from "./connections";

/**
 * Variable that lets machines go that no longer answer: what we put on them stays there, and
 * nothing waits for them.
 */
export const FORGET_VARIABLE = "SWARMYARD_FORGET_UNREACHABLE";

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
    const stdout = runs && news.update ? await runConfirmed(news.update, news, context) : before;
    return { id: old.id, state: { ...news, stdout } };
  },
  async delete({ inputs }, context) {
    if (inputs.delete === undefined) return;
    try {
      await run(inputs.delete, inputs, context);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const text = `${error.message}\nWhat this environment put on it is still there.`;
      if (!process.env[FORGET_VARIABLE]) {
        throw new Error(
          `${text} Start it and run this again; if it is gone for good: ${FORGET_VARIABLE}=1`,
        );
      }
      context.warn(text);
    }
  },
};

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
