import { Failure } from "./setup/failure";

/** What a command line asks for. */
export interface Arguments {
  readonly command: Command;
  /** Name of the Pulumi stack, that is of the environment. @default "local" */
  readonly stack: string;
  /** With `down`: remove by label, without a state. @default false */
  readonly sweep: boolean;
  /** Handed on: to docker as they are, to pulumi for the rest. */
  readonly rest: readonly string[];
}

/** Every command, with a line on what it does. */
export const commands = {
  up: "makes the environment, or brings it up to date",
  down: "removes the environment; with --sweep also when its state is lost",
  preview: "shows what `up` would change",
  refresh: "reads what is really there into the state",
  docker: "runs a docker command on the swarm: npm run docker -- node ls",
  env: "prints the exports that plain `pulumi` needs",
  map: "draws the environment as Mermaid",
  leaks: "lists what AWS still holds of an environment that was destroyed",
  ci: "what workflows run: ci preview, ci apply, ci reap",
  test: "runs all tests but those of trust and AWS",
  "test:trust": "runs the environment under abuse: npm run test:trust -- <part of a file's name>",
  "test:aws":
    "runs environments on an AWS that is played here: npm run test:aws -- <part of a file's name>",
  "build:aws": "builds the Pulumi plugin for AWS where it cannot be downloaded",
  bench: "measures it beside other ways to do the same",
} as const;

/** Name of a command. */
export type Command = keyof typeof commands;

/** Stack names that Pulumi takes and that are safe in paths. */
const stackName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/**
 * Reads a command line. Options of ours are taken out, all others are kept in their order.
 *
 * @throws Failure for an unknown command, a missing or wrong name of a stack
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const [command, ...given] = argv;
  if (command === undefined || !(command in commands)) {
    const known = Object.keys(commands).map((name) => `npm run ${name}`);
    throw new Failure(
      command === undefined ? "No command was given." : `There is no command ${command}.`,
      `Type one of: ${known.join(", ")}.`,
    );
  }
  const taken = takeOptions(given, command === "docker");
  const stack = taken.stack ?? "local";
  if (!stackName.test(stack)) {
    throw new Failure(
      `"${stack}" cannot be the name of an environment.`,
      "Type letters, digits, `-`, `_` and `.`, for example: -s local",
    );
  }
  if (taken.sweep && command !== "down") {
    throw new Failure("--sweep belongs to down.", "Type: npm run down -- --sweep");
  }
  return { command: command as Command, stack, sweep: taken.sweep, rest: taken.rest };
}

interface Taken {
  stack?: string;
  sweep: boolean;
  rest: string[];
}

/** Takes our options out; with `leadingOnly` it stops at the first word that is not ours. */
function takeOptions(given: readonly string[], leadingOnly: boolean): Taken {
  const taken: Taken = { sweep: false, rest: [] };
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] as string;
    const joined = /^(?:--stack=|-s=?(?=[^=]))(.+)$/s.exec(word);
    if (word === "-s" || word === "--stack") {
      index += 1;
      taken.stack = nameAfter(word, given[index]);
    } else if (joined !== null) {
      taken.stack = joined[1] as string;
    } else if (word === "--sweep" && !leadingOnly) {
      taken.sweep = true;
    } else if (leadingOnly) {
      taken.rest.push(...given.slice(word === "--" ? index + 1 : index));
      break;
    } else if (word !== "--") {
      taken.rest.push(word);
    }
  }
  return taken;
}

function nameAfter(option: string, name: string | undefined): string {
  if (name === undefined || name === "" || name.startsWith("-")) {
    throw new Failure(`${option} needs the name of an environment.`, `Type: ${option} local`);
  }
  return name;
}
