import {
  destroyedBy,
  destructiveSteps,
  holdsSomething,
  protectedOnes,
} from "../report/destruction";
import { hintsFor } from "../report/hints";
import { requireName } from "../setup/ask";
import { Exit, Failure } from "../setup/failure";
import { lastLetters } from "../setup/processes";
import type { Session } from "../setup/session";

/** Options of `up` that `preview` does not know. */
const ofUpOnly = /^(--continue-on-error|--skip-preview|--suppress-progress)(=|$)/;

/**
 * Says what an `up` would destroy outside local environments, and asks.
 *
 * @throws Failure when the answer is not the environment's name, or nobody can be asked
 */
export async function brakeUp(session: Session, options: readonly string[]): Promise<void> {
  const { stack, progress } = session;
  if (stack.local || options.includes("--preview-only")) return;
  const { deployment } = await stack.export();
  if (!holdsSomething(deployment?.resources ?? [])) return;
  const known = options.filter((option) => !ofUpOnly.test(option));
  const { status, stdout } = await progress.during(`comparing ${stack.name}`, () =>
    stack.previewJson(known),
  );
  if (status !== 0) await failAgain(session, known);
  const { destroyed, givenBack } = destructiveSteps(JSON.parse(stdout).steps ?? []);
  if (destroyed.length === 0 && givenBack.length === 0) return;
  const say = (heading: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    for (const line of [heading, ...lines]) progress.line(line);
  };
  say(`This up of ${stack.name} destroys what cannot be brought back:`, destroyed);
  say(
    `This up of ${stack.name} gives machines back, whose Docker engines and data stay:`,
    givenBack,
  );
  progress.line(`The whole plan: npm run preview -- -s ${stack.name}`);
  await requireName(stack.name, `npm run up -- -s ${stack.name} --yes`);
}

/** The same preview for people: its errors are shown as Pulumi shows them. */
async function failAgain({ stack, progress }: Session, options: readonly string[]): Promise<never> {
  let said = "";
  const status = await stack.show(`previewing ${stack.name}`, ["preview", ...options], {
    watch: (text) => {
      said = lastLetters(said + text);
    },
  });
  for (const hint of hintsFor(said, stack.name)) progress.line(hint);
  if (status !== 0) throw new Exit(status);
  throw new Failure("A preview failed once and succeeded after that.", "Run the command again.");
}

/**
 * Refuses to destroy what is protected. Outside local environments it says what goes, and asks.
 *
 * @throws Failure when the answer is not the environment's name, or nobody can be asked
 */
export async function brakeDown(
  { stack, progress }: Session,
  { yes, whole }: { readonly yes: boolean; readonly whole: boolean },
): Promise<void> {
  const resources = (await stack.peek()).deployment?.resources ?? [];
  // Of a part, Pulumi knows whether it is protected.
  const kept = whole ? protectedOnes(resources) : [];
  if (kept.length > 0) {
    throw new Failure(
      `${stack.name} is protected: ${kept.join(", ")}. Nothing was destroyed.`,
      `To destroy it, set swarmyard:protected to false in Pulumi.${stack.name}.yaml, ` +
        `then run: npm run up -- -s ${stack.name} && npm run down -- -s ${stack.name}`,
    );
  }
  if (stack.local || yes || !holdsSomething(resources)) return;
  progress.line(
    whole
      ? `This destroys ${stack.name} for good:`
      : `This destroys for good what its options select of ${stack.name}:`,
  );
  for (const line of destroyedBy(resources)) progress.line(line);
  await requireName(stack.name, `npm run down -- -s ${stack.name} --yes`);
}
