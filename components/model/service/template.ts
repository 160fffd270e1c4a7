import { nearest } from "../nearest";

/** What a template may hold: the value itself, a map with free keys, or named members. */
interface Members {
  readonly [name: string]: "value" | "map" | Members;
}

/** What swarm fills into templates. */
const KNOWN: Members = {
  Service: { ID: "value", Name: "value", Labels: "map" },
  Node: { ID: "value", Hostname: "value", Platform: { Architecture: "value", OS: "value" } },
  Task: { ID: "value", Name: "value", Slot: "value" },
};

const GO = "and or not len index slice print printf println html js urlquery eq ne lt le gt ge";
const FUNCTIONS = [...GO.split(" "), "call", "join"];
const KEYWORDS = "if else end range with define template block break continue nil true false";
/** Functions that templates in the data of configs have besides. */
const OF_CONFIGS = ["secret", "config", "env"];

const TOKEN =
  /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|[-+]?(?:0[xX])?[\d][\w.]*|\$\w*(?:\.\w+)*|(?:\.\w+)+|\.|[A-Za-z_]\w*|:=|[|(),=]/y;

/** Fields that swarm knows, as text. */
export const knownFields = namesIn(KNOWN, "").join(", ");

function namesIn(members: Members, before: string): readonly string[] {
  return Object.entries(members).flatMap(([name, is]) => {
    if (typeof is === "object") return namesIn(is, `${before}.${name}`);
    return [`${before}.${name}${is === "map" ? ".<label>" : ""}`];
  });
}

/** Text that swarm leaves as it is when it fills in the rest. */
export function escapedTemplate(text: string): string {
  return text.replaceAll("{{", '{{"{{"}}');
}

/**
 * What is wrong with text that swarm fills in, as Go's templates have it; undefined when nothing is.
 *
 * @param labels labels of the service. @default not known
 * @param isConfig the text is the data of a config with a template driver. @default false
 * @example
 * templateFault("{{.Task.Slot}}") // undefined
 * templateFault("{{ .Name }}") // "there is no .Name"
 */
export function templateFault(
  text: string,
  labels?: { readonly [key: string]: unknown },
  isConfig = false,
): string | undefined {
  const actions = actionsIn(text);
  if (typeof actions === "string") return actions;
  const open: string[] = [];
  const variables = new Set([""]);
  for (const action of actions) {
    const tokens = tokensOf(action);
    if (typeof tokens === "string") return tokens;
    const [first] = tokens;
    if (first === undefined) return "{{ }} has nothing in it";
    // Inside these the dot is another one, whose fields nobody knows here.
    const rooted = !open.some((word) => word !== "if");
    if (["if", "range", "with", "block", "define"].includes(first)) open.push(first);
    if (first === "else" && open.length === 0) return "{{ else }} has no {{ if }}";
    if (first === "end" && open.pop() === undefined) return "{{ end }} closes nothing";
    const fault = faultIn(tokens, { rooted, variables, labels, isConfig });
    if (fault !== undefined) return fault;
  }
  return open.length === 0 ? undefined : `{{ ${open.at(-1)} }} has no {{ end }}`;
}

/** The text of each action, without remarks; or what is wrong with one. */
function actionsIn(text: string): readonly string[] | string {
  const found: string[] = [];
  for (let at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at)) {
    const end = endOf(text, at + 2);
    if (end === undefined) return "{{ has no }}";
    const body = text
      .slice(at + 2, end)
      .replace(/^- /, "")
      .replace(/ -$/, "")
      .trim();
    if (!body.startsWith("/*")) found.push(body);
    at = end + 2;
  }
  return found;
}

const QUOTED = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\//y;

/** Where the }} of an action is: not in a text, nor in a remark. */
function endOf(text: string, start: number): number | undefined {
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith("}}", at)) return at;
    QUOTED.lastIndex = at;
    if (QUOTED.test(text)) at = QUOTED.lastIndex - 1;
  }
  return undefined;
}

function tokensOf(action: string): readonly string[] | string {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < action.length) {
    const token = TOKEN.exec(action);
    if (token === null) return `{{ ${action} }} has an unexpected ${action[at]}`;
    at = TOKEN.lastIndex;
    if (token[0].trim() !== "") tokens.push(token[0]);
  }
  return tokens;
}

interface Scope {
  readonly rooted: boolean;
  readonly variables: Set<string>;
  readonly labels: { readonly [key: string]: unknown } | undefined;
  readonly isConfig: boolean;
}

function faultIn(tokens: readonly string[], scope: Scope): string | undefined {
  for (const [index, token] of tokens.entries()) {
    const isNew = tokens[index + 1] === ":=" || (tokens[0] === "range" && tokens.includes(":="));
    if (/^\$\w+$/.test(token) && isNew) scope.variables.add(token.slice(1));
    const fault = /^[A-Za-z_]/.test(token)
      ? functionFault(token, scope)
      : /^[.$]/.test(token)
        ? fieldFault(token, scope)
        : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function functionFault(name: string, { isConfig }: Scope): string | undefined {
  const known = isConfig ? [...FUNCTIONS, ...OF_CONFIGS] : FUNCTIONS;
  return [...known, ...KEYWORDS.split(" ")].includes(name)
    ? undefined
    : `there is no function ${name}`;
}

function fieldFault(token: string, { rooted, variables, labels }: Scope): string | undefined {
  const [start = "", ...names] = token.split(".");
  if (start !== "" && !variables.has(start.slice(1))) return `there is no variable ${start}`;
  // What a variable holds, and the dot inside of `with` and `range`, is not known.
  if (start.length > 1 || (start === "" && !rooted)) return undefined;
  let at: Members | "value" | "map" = KNOWN;
  for (const [index, name] of names.filter((part) => part !== "").entries()) {
    const path = `.${names.slice(0, index + 1).join(".")}`;
    if (at === "value") return `there is no ${path}`;
    if (at === "map") {
      return labels === undefined || Object.hasOwn(labels, name)
        ? undefined
        : `the service has no label ${name}`;
    }
    const next: Members[string] | undefined = Object.hasOwn(at, name) ? at[name] : undefined;
    if (next === undefined) {
      const near = nearest(name, Object.keys(at));
      return `there is no ${path}${near === undefined ? "" : `; did you mean ${near}?`}`;
    }
    at = next;
  }
  return undefined;
}
