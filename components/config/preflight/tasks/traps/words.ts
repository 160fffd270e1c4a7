import type { ServicePlan } from "../../../../model/platform/plan";
import { describe, type Finding, type Keys } from "../../../../model/problem";

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z|k)?sh$/;

/** Words of programs that are not divided, or not filled in, as somebody thought. */
export function wordTraps(spec: ServicePlan): readonly Finding[] {
  const { entrypoint = [], command = [], healthcheck } = spec;
  const [kind, ...check] = healthcheck?.test ?? [];
  const testKeys: Keys = ["healthcheck", "test"];
  return [
    ...oneWord(entrypoint, ["entrypoint"]),
    ...(kind === "CMD" ? oneWord(check, testKeys) : []),
    ...(kind === "CMD-SHELL" && check.length > 1 ? [onlyFirst(check, testKeys)] : []),
    ...(entrypoint.length === 0
      ? shellLine(command, [], ["command"])
      : shellLine(entrypoint, command, ["entrypoint"])),
    ...(kind === "CMD" ? shellLine(check, [], testKeys) : []),
    ...unfilled(spec),
  ];
}

/** `["nginx -g x"]`: a program whose name has spaces in it. */
function oneWord(words: readonly string[], keys: Keys): readonly Finding[] {
  const [program = ""] = words;
  if (!/^\S+\s+\S/.test(program) || program.includes("\n")) return [];
  const split = program.trim().split(/\s+/);
  const found = `${describe(program)} as the name of a program, with spaces in it`;
  const list = keys[0] === "healthcheck" ? ["CMD", ...split] : split;
  const allowed = "a list with the program and each of its words";
  return [{ keys, found, allowed, fix: `\`${JSON.stringify([...list, ...words.slice(1)])}\`` }];
}

function onlyFirst(words: readonly string[], keys: Keys): Finding {
  const [first = ""] = words;
  const found = `${words.length} words after CMD-SHELL, of which the shell runs ${describe(first)} alone`;
  const fix = `\`${JSON.stringify(["CMD-SHELL", words.join(" ")])}\``;
  return { keys, found, allowed: "one text for the shell", fix };
}

/** `["sh", "-c", "echo", "a"]`: the shell runs its first word alone. */
function shellLine(
  words: readonly string[],
  more: readonly string[],
  keys: Keys,
): readonly Finding[] {
  const all = [...words, ...more];
  const [program = "", option = "", line = "", ...others] = all;
  if (!SHELL.test(program) || !/^-\w*c$/.test(option) || others.length === 0) return [];
  // A line that takes arguments names them.
  if (!/^[\w./-]+$/.test(line) || others.some((word) => /^[&|;<>]/.test(word))) return [];
  const found = `${describe(others.join(" "))} after ${option}, which the shell does not pass on: it runs ${describe(line)} alone`;
  const whole = JSON.stringify([program, option, [line, ...others].join(" ")]);
  const fix = more.length === 0 ? `\`${whole}\`` : `${whole} together in \`entrypoint\``;
  return [{ keys, found, allowed: "one text after -c", fix }];
}

/** `$NAME` of the service's own environment, where no shell fills it in. */
function unfilled({ entrypoint = [], command = [], env = {} }: ServicePlan): readonly Finding[] {
  if ([...entrypoint, ...command].some((word) => /^-\w*c$/.test(word))) return [];
  return command.flatMap((word, index): readonly Finding[] => {
    const [whole = "", name = ""] = /\$\{?([A-Za-z_]\w*)\}?/.exec(word) ?? [];
    if (!Object.hasOwn(env, name)) return [];
    const found = `${whole}, which only a shell fills in: the program gets it as it is`;
    const fix = `\`["sh", "-c", "exec …"]\` with the program and its words as one text`;
    return [{ keys: ["command", index], found, allowed: "text, or a shell that runs it", fix }];
  });
}
