import { parseArgs } from "node:util";
import { commands, type Description } from "./described";
import { levels, levelWords } from "./report/platform-parts";
import { Failure } from "./setup/failure";

export { commands };

/** A parsed command line. */
export interface Arguments {
  readonly command: Command;
  /** Name of the Pulumi stack, which is also the environment's. @default "local" */
  readonly stack: string;
  /** With `down`: removes by label, without a state. @default false */
  readonly sweep: boolean;
  /** With `up`, `down`, `recover` and `ci`: destroy without asking. @default false */
  readonly yes?: boolean;
  /** With `down --sweep`: remove kept data too. @default false */
  readonly data?: boolean;
  /** With `up`, `preview`, `env` and `map`: small images take the place of the real ones. @default false */
  readonly standIns?: boolean;
  /** With `up` and `down`: addresses of machines that are gone for good, so nothing is undone on them. @default none */
  readonly forget?: readonly string[];
  /** Only say what the command does. @default false */
  readonly help?: boolean;
  /** Passed on to docker or pulumi. */
  readonly rest: readonly string[];
}

/** Name of a command. */
export type Command = keyof typeof commands;

/** Stack names that Pulumi accepts and that are safe in paths. */
const stackName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** Where a machine is reached. */
const address = /^[A-Za-z0-9][A-Za-z0-9.:-]*$/;

/** Commands that ask before they destroy or stop something, unless `--yes` is given. */
const asking: readonly Command[] = ["up", "down", "recover", "ci", "refresh-machines", "upgrade"];

/** Commands that may remove machines of somebody else. */
const leaving: readonly Command[] = ["up", "down"];

const forgetOption =
  "  --forget <address>  lets a machine go that is gone for good; what is on its disk stays there";

/** Commands that read images of an environment. */
const building: readonly Command[] = ["up", "preview", "env", "map"];

const sweepOptions = [
  "  --sweep  removes everything with the environment's label, except data that is kept",
  "  --data  with --sweep: removes data that is kept too",
  "  --platform <name> --level <level>  removes of one platform, after a list of what goes:",
  ...levels.map((level) => `    ${level}: ${levelWords[level]}`),
];

const standInsOption =
  "  --stand-ins  builds small images in place of the real ones, as swarmyard:standIns says";

/** How a command is called and what it does, for `--help`. Pure. */
export function helpFor(command: Command): string {
  const { does, takes, stack, ours, examples }: Description = commands[command];
  const words = [...(stack === false ? [] : ["[-s <environment>]"]), ...(takes ? [takes] : [])];
  const call = `npm run ${command}${words.length === 0 ? "" : ` -- ${words.join(" ")}`}`;
  const options = [
    ...(stack === false
      ? []
      : ["  -s, --stack <environment>  takes Pulumi.<environment>.yaml (default: local)"]),
    ...(command === "down" ? sweepOptions : []),
    ...(leaving.includes(command) ? [forgetOption] : []),
    ...(building.includes(command) ? [standInsOption] : []),
    ...(asking.includes(command)
      ? [
          `  -y, --yes  ${command === "upgrade" ? "upgrades" : "destroys"} without asking, for scripts`,
        ]
      : []),
    ...(ours === "none" ? [] : ["  -h, --help  prints this"]),
  ];
  const sentence = `${does[0]?.toUpperCase()}${does.slice(1)}.`;
  const calls = examples.map((one) => `  ${one}`);
  return [call, "", sentence, "", ...options, "", "For example:", ...calls].join("\n");
}

/**
 * Reads a command line. Our own options are taken out; all others keep their order.
 *
 * @throws Failure for an unknown command, a missing or invalid stack name, or a word too many
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const [name, ...given] = argv;
  if (name === undefined || !isCommand(name)) {
    throw new Failure(
      name === undefined ? "No command was given." : `There is no command ${name}.`,
      `Run one of: ${Object.keys(commands)
        .map((known) => `npm run ${known}`)
        .join(", ")}.`,
    );
  }
  const { takes, stack: hasStack, ours }: Description = commands[name];
  const { stack, sweep, yes, data, standIns, forget, help, rest } =
    ours === "none" ? untouched(given) : take(given, oursOf(name));
  if (stack !== undefined && !stackName.test(stack)) {
    throw stack === ""
      ? new Failure("-s needs the name of an environment.", `Run: npm run ${name} -- -s local`)
      : new Failure(
          `"${stack}" is not a valid name of an environment.`,
          "Allowed are letters, digits, `-`, `_` and `.`, for example: -s local",
        );
  }
  if (sweep && name !== "down") {
    throw new Failure("--sweep belongs to down.", "Run: npm run down -- --sweep");
  }
  if (data && !sweep) {
    throw new Failure("--data belongs to --sweep.", "Run: npm run down -- --sweep --data");
  }
  if (forget.some((one) => !address.test(one))) {
    throw new Failure(
      "--forget needs the address of a machine, as the environment file has it.",
      `Run: npm run ${name} -- -s ${stack ?? "local"} --forget 203.0.113.10`,
    );
  }
  const stray = takes === undefined ? rest[0] : undefined;
  if (!help && (stray !== undefined || (stack !== undefined && hasStack === false))) {
    throw new Failure(`${name} does not take ${stray ?? "-s"}.`, `Run: ${firstLine(name)}`);
  }
  const set = {
    ...(yes ? { yes } : {}),
    ...(data ? { data } : {}),
    ...(standIns ? { standIns } : {}),
    ...(forget.length > 0 ? { forget } : {}),
    ...(help ? { help } : {}),
  };
  return { command: name, stack: stack ?? "local", sweep, rest, ...set };
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(commands, name);
}

function firstLine(command: Command): string {
  return helpFor(command).split("\n")[0] ?? "";
}

interface Taken {
  /** Empty when `-s` is given without a name. */
  stack?: string;
  sweep: boolean;
  yes: boolean;
  data: boolean;
  standIns: boolean;
  forget: string[];
  help: boolean;
  rest: string[];
}

function untouched(given: readonly string[]): Taken {
  const flagged = { sweep: false, yes: false, data: false, standIns: false, help: false };
  return { ...flagged, forget: [], rest: [...given] };
}

const options = {
  stack: { type: "string", short: "s" },
  sweep: { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  data: { type: "boolean" },
  "stand-ins": { type: "boolean" },
  forget: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** What an option without a value sets. */
const flags = {
  sweep: "sweep",
  yes: "yes",
  data: "data",
  "stand-ins": "standIns",
  help: "help",
} as const;

/** Takes our options out; with "first" it stops at the first word that is not ours. */
function take(given: readonly string[], { names, first }: Ours): Taken {
  // Not strict: what is not ours is for pulumi or docker, which name what they do not know.
  const { tokens } = parseArgs({ args: [...given], options, strict: false, tokens: true });
  const taken = untouched([]);
  const used = new Set<number>();
  for (const token of tokens) {
    const { index } = token;
    if (token.kind === "option" && isOurs(token.rawName, given[index] ?? "", names)) {
      used.add(index);
      const inline = token.inlineValue === true;
      if (token.name === "stack" || token.name === "forget") {
        if (!inline) used.add(index + 1);
        const value = nameIn(token.value, inline);
        if (token.name === "stack") taken.stack = value;
        else taken.forget.push(value);
      } else {
        taken[flags[token.name as keyof typeof flags]] = true;
      }
    } else if (first) {
      return {
        ...taken,
        rest: given.slice(token.kind === "option-terminator" ? index + 1 : index),
      };
    } else if (token.kind === "option-terminator") {
      used.add(index);
    }
  }
  return { ...taken, rest: given.filter((_, index) => !used.has(index)) };
}

/** `-s` and the others as such; a group of short options (`-ys`) is not ours. */
function isOurs(rawName: string, word: string, names: readonly string[]): boolean {
  const whole = ["-h", "-y"].includes(rawName);
  return names.includes(rawName) && (whole ? word === rawName : word.startsWith(rawName));
}

interface Ours {
  readonly names: readonly string[];
  /** Whether they end at the first word that is not ours. */
  readonly first: boolean;
}

function oursOf(command: Command): Ours {
  const { ours }: Description = commands[command];
  const first = ours === "first";
  const names = ["--stack", "-s", "--help", "-h", ...(first ? [] : ["--sweep"])];
  if (asking.includes(command)) names.push("--yes", "-y");
  if (leaving.includes(command)) names.push("--forget");
  if (command === "down") names.push("--data");
  if (building.includes(command)) names.push("--stand-ins");
  return { names, first };
}

/** What is after an option, such as the name of an environment; `-s=prod` is read as it is meant. */
function nameIn(value: string | undefined, inline: boolean): string {
  if (value === undefined || (!inline && value.startsWith("-"))) return "";
  return value.replace(/^=/, "");
}
