import { fileRules } from "./file";
import type { Rule, Rules, Verdict } from "./rule";

/** One key of a compose file with what becomes of it. */
export interface DocumentedKey {
  /** Keys joined by dots; `*` for a free key or an item of a list. */
  readonly path: string;
  readonly rule: Rule;
}

/** Every key of a compose file that this program knows. */
export function documentedKeys(): readonly DocumentedKey[] {
  return keysOf(fileRules, "");
}

function keysOf(rules: Rules, before: string): readonly DocumentedKey[] {
  return Object.entries(rules).flatMap(([key, rule]) => {
    const path = `${before}${key}`;
    return [{ path, rule }, ...inside(rule, path)];
  });
}

function inside({ keys, each }: Rule, path: string): readonly DocumentedKey[] {
  const own = keys === undefined ? [] : keysOf(keys, `${path}.`);
  return each === undefined ? own : [...own, ...inside(each, `${path}.*`)];
}

const INTRODUCTION = `# Compose files

A compose file becomes a platform: its networks, volumes, secrets, configs and services are stack resources
with a preview. To use one, put it into \`platforms/<name>/\` as \`compose.yaml\`, or name your files in the
environment file:

\`\`\`yaml
swarmyard:platforms:
  shop:
    compose: [../shop/compose.yml, ../shop/prod.yml] # later files change earlier ones
    variables: { TAG: v2 } # the shell's variables and \`.env\` are not read
    envFiles: [../shop/.env] # more variables
    profiles: [debug] # services with these profiles run too
    lenient: true # warnings instead of errors for what swarm cannot do
\`\`\`

\`npm run -s convert -- ../shop/compose.yml\` prints what becomes of each key of your file and what is wrong with it, and
creates nothing.

This page lists every key of the Compose specification and what becomes of it. \`npm run generate\` writes it from the
table that also checks your files.

- **taken**: the field means the same.
- **changed**: it becomes something else, which does what you meant.
- **ignored**: it is left out on purpose, because nothing in a swarm depends on it.
- **refused**: swarm cannot do it. The preview stops with the file, line and column, what
  \`docker stack deploy\` would have done, and what to write instead. With \`lenient: true\` it is a warning,
  and the key is left out.

Keys that begin with \`x-\` are yours, except for \`x-route\` of a service. Short forms, such as \`"8080:80"\`, are written out in their long form first.
Unknown keys are errors that name the nearest known one. Aliases, merge keys, several files, \`extends\`, \`include\`,
\`!reset\` and \`!override\` are resolved before the keys are checked.

Where this differs from \`docker stack deploy\`:

- Variables work in all forms that compose knows, also inside defaults.
- Two \`<<\` in one map are allowed, and the last one wins. Docker refuses them.
- \`depends_on\`, \`tmpfs\`, \`shm_size\`, \`platform\`, \`security_opt\`, \`extends\`, \`include\` and \`profiles\` do what
  they say. Docker leaves them out or refuses them.
- \`restart: "no"\` means that swarm does not start a task again. Docker leaves it out, and swarm starts it again.
- \`false\`, 0 and empty text in a later file replace the value of an earlier one. Docker keeps the earlier value.
- \`healthcheck.test\` of a later file replaces the earlier one. Docker puts both together.
- A generic resource of a later file replaces the one of its kind. Docker reserves both.
- \`$TAG-alpine\` is the variable and then \`-alpine\`. Docker takes \`alpine\` as the variable's default, and leaves it out.
- A backslash at the end of a line of a command joins it with the next line, as in a shell. Docker passes the line break on.
- A second document of a file is laid over the first one, which a warning says. Docker leaves it out.
- Options of logging in a later file count also where the earlier file has none. Docker loses them.
- Empty entries of \`dns\` are left out, and spaces around the address in \`extra_hosts\`. Docker passes them on.
- \`mode\` of a tmpfs counts. Docker leaves it out. \`consistency\` is for Docker Desktop, and left out.
- Dates stay as they are written. Docker makes \`2024-01-31 00:00:00 +0000 UTC\` of \`2024-01-31\`.
- One secret or config can be two files. Docker loses one of them where files are merged.
- Ports of one number but different protocols are two ports. Docker loses one of them where files are merged.
`;

/** The page that lists every key: docs/compose.md. */
export function composePage(): string {
  const all = documentedKeys();
  const top = all.filter(({ path }) => !path.includes("."));
  const sections = ["services", "networks", "volumes", "secrets", "configs", "include"];
  const parts = sections.map((section) => {
    const below = all.filter(({ path }) => path.startsWith(`${section}.`));
    const short = below.map(({ path, rule }) => ({
      path: path.slice(`${section}.*.`.length),
      rule,
    }));
    return `## ${section}\n\n${table(short)}`;
  });
  return [INTRODUCTION, `## At the top of a file\n\n${table(top)}`, ...parts].join("\n");
}

const WORDS: { readonly [verdict in Verdict]: string } = {
  taken: "taken",
  changed: "changed",
  ignored: "ignored",
  refused: "**refused**",
};

function table(keys: readonly DocumentedKey[]): string {
  const rows = keys.map(({ path, rule }) => {
    const more =
      rule.verdict === "refused" ? `. Docker ${rule.docker}. Instead: ${rule.instead}` : "";
    const text = `${rule.note}${more}`.replaceAll("|", "\\|");
    return `| \`${path}\` | ${WORDS[rule.verdict]} | ${text} |`;
  });
  return `${["| key | | what becomes of it |", "| --- | --- | --- |", ...rows].join("\n")}\n`;
}
