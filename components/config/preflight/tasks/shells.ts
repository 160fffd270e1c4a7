import type { ServicePlan } from "../../../model/platform/plan";
import { describe, type Finding } from "../../../model/problem";

/** Words that only a shell understands; a program gets them as they are. */
const OPERATORS = ["&&", "||", "|", ";", ">", ">>", "<", "2>&1"];

/** What would mean something else in a shell, or in YAML, than it does to Docker. Pure. */
export function asInShells(spec: ServicePlan): readonly Finding[] {
  return [...environment(spec), ...labels(spec), ...operators(spec)];
}

function environment({ env = {} }: ServicePlan): readonly Finding[] {
  return Object.entries(env).flatMap(([name, value]): readonly Finding[] => {
    const keys = ["env", name];
    if (name !== name.trim() || /\s/.test(name)) {
      const found = `the name ${describe(name)}, with a space in it`;
      const fix = `\`${name.trim().replace(/\s+/g, "_")}\`, without spaces around \`=\``;
      return [{ keys, found, allowed: "a name without spaces", fix }];
    }
    if (!/^(["']).*\1$/s.test(value ?? "") || (value ?? "").length < 2) return [];
    const found = "a value with quotes around it, which the program gets too";
    return [{ keys, found, allowed: "the value alone", fix: "remove these quotes" }];
  });
}

function labels(spec: ServicePlan): readonly Finding[] {
  return (["labels", "containerLabels"] as const).flatMap((field) =>
    Object.entries(spec[field]).flatMap(([name, value]): readonly Finding[] => {
      const at = /:\s/.exec(name);
      if (at === null || value !== "") return [];
      const fix = `\`${name.slice(0, at.index)}=${name.slice(at.index).replace(/^:\s+/, "")}\``;
      const found = `the name ${describe(name)} without a value`;
      return [{ keys: [field, name], found, allowed: "a name and a value", fix }];
    }),
  );
}

function operators(spec: ServicePlan): readonly Finding[] {
  const { entrypoint = [], command = [], healthcheck } = spec;
  const inShell = [...entrypoint, ...command].some((word) => /^-\w*c$/.test(word));
  const [kind, ...check] = healthcheck?.test ?? [];
  const places = [
    ...(inShell ? [] : [["command", command, ["command"]] as const]),
    ...(kind === "CMD" && !check.some((word) => /^-\w*c$/.test(word))
      ? [["healthcheck", check, ["healthcheck", "test"]] as const]
      : []),
  ];
  return places.flatMap(([what, words, keys]): readonly Finding[] => {
    const word = words.find((one) => OPERATORS.includes(one));
    if (word === undefined) return [];
    const found = `"${word}", which only a shell understands: the program gets it as it is`;
    const line = words.join(" ");
    const fix =
      what === "command" ? `\`[sh, -c, ${describe(line)}]\`` : `\`[CMD-SHELL, ${describe(line)}]\``;
    return [{ keys, found, allowed: "the words of one program, or a shell that runs them", fix }];
  });
}
