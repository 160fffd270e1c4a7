import { isMap } from "../paths";
import { formatBytes, formatDuration, parseDuration } from "../quantities";

/**
 * What a wrong value probably means, in the form that is allowed: a number in quotes as a number, a
 * line of words as a list, `["A=1"]` as a map. Undefined when nothing can be said. Pure.
 *
 * @param allowed what the rule says is allowed
 * @example
 * asMeant("8090", "a whole number from 0 to 65535, such as `8080`"); // "8090"
 */
export function asMeant(value: unknown, allowed: string): string | undefined {
  if (/^a (whole )?number/.test(allowed)) return asNumber(value, allowed);
  if (/^a list\b/.test(allowed)) return asList(value, allowed);
  if (/^a map\b/.test(allowed)) return asMap(value, allowed);
  if (/^a duration\b/.test(allowed)) return asDuration(value);
  if (/^a size\b/.test(allowed)) return asSize(value);
  return undefined;
}

/** Days and weeks, which Docker does not know, in hours. */
const HOURS: { readonly [unit: string]: number } = { d: 24, day: 24, w: 168, week: 168 };

/** A number without a unit is seconds, as in Compose; words are units. */
function asDuration(value: unknown): string | undefined {
  const [, number = "", word = ""] =
    /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(String(value).trim()) ?? [];
  if (number === "" || Number(number) === 0) return undefined;
  const unit = word.toLowerCase().replace(/(?<=..)s$/, "");
  const hours = HOURS[unit];
  if (hours !== undefined) return `${Number(number) * hours}h`;
  const short = unit === "" ? "s" : /^(sec|min|h(?:ou)?r)/.exec(unit)?.[1]?.slice(0, 1);
  if (short === undefined) return undefined;
  try {
    return formatDuration(parseDuration(`${number}${short}`));
  } catch {
    return undefined;
  }
}

/** A large number without a unit is bytes, as in Docker's API. */
function asSize(value: unknown): string | undefined {
  const number = /^\d{7,15}$/.exec(String(value).trim());
  return number === null ? undefined : formatBytes(Number(number[0]));
}

function asNumber(value: unknown, allowed: string): string | undefined {
  if (typeof value !== "string" || !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return undefined;
  const number = Number(value);
  const [, min = "-Infinity", max = "Infinity"] =
    /(?:from|of at least) (-?[\d.]+)(?: to ([\d.]+))?/.exec(allowed) ?? [];
  const fits = number >= Number(min) && number <= Number(max);
  const whole = !allowed.startsWith("a whole") || Number.isInteger(number);
  return fits && whole ? String(number) : undefined;
}

function asList(value: unknown, allowed: string): string | undefined {
  if (typeof value !== "string" || value.trim() === "") return undefined;
  // A shell takes the line as it is; any other list of words must be split as a shell would.
  if (allowed.includes('["CMD"')) return `["CMD-SHELL", ${JSON.stringify(value)}]`;
  if (/["'\\$|&;<>*?]/.test(value)) return undefined;
  // In YAML, where lists of plain words need no quotes, the rule's example has none either.
  const written = (word: string) => (allowed.includes('"') ? JSON.stringify(word) : word);
  return `[${value.trim().split(/\s+/).map(written).join(", ")}]`;
}

function asMap(value: unknown, allowed: string): string | undefined {
  if (typeof value === "string" && /^a map with test, interval/.test(allowed)) {
    return `{ test: ["CMD-SHELL", ${JSON.stringify(value)}] }`;
  }
  const free = /^a map of (?:text|name) to text/.test(allowed);
  if (!free || !Array.isArray(value) || value.length === 0) return undefined;
  const pairs = value.map((one) => /^([^=:\s]+)\s*[=:]\s*(.*)$/.exec(String(one)));
  if (value.some(isMap) || pairs.includes(null)) return undefined;
  const members = pairs.map((pair) => `${keyText(pair?.[1] ?? "")}: ${JSON.stringify(pair?.[2])}`);
  return `{ ${members.join(", ")} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}

/** The form of a value for which no example is known. */
export function formOf(allowed: string): string {
  if (/^a map\b/.test(allowed))
    return `{ ${/^a map with (\w+)/.exec(allowed)?.[1] ?? "<key>"}: <value> }`;
  return /^a list\b/.test(allowed) ? "[<value>]" : "<value>";
}

/** What keys of compose files are called here, in a service. */
const FROM_COMPOSE: { readonly [key: string]: string } = {
  environment: "`env`",
  volumes: "`mounts` of the service, and `volumes` of the platform",
  deploy:
    "its members without it: `replicas`, `mode`, `placement`, `resources`, `restart`, `update`, `rollback`, `labels`",
  build:
    "`image: { build: <key> }`, and `images: { <key>: { context: <folder> } }` of the platform",
  restart_policy: "`restart`",
  update_config: "`update`",
  rollback_config: "`rollback`",
  extra_hosts: "`extraHosts`",
  depends_on: "`dependsOn`",
  working_dir: "`workingDir`",
  stdin_open: "`openStdin`",
  links: "nothing: services of a platform reach each other by their keys",
  expose: "nothing: services of a network reach all ports of each other",
  container_name: "nothing: a service's tasks are named by swarm",
};

/** What to write instead of a key of a compose file; undefined for any other key, or elsewhere. Pure. */
export function fromCompose(key: string, known: readonly string[]): string | undefined {
  const inService = known.includes("endpointMode") && known.includes("mounts");
  const ours = inService ? FROM_COMPOSE[key] : undefined;
  if (ours !== undefined) return `write ${ours}`;
  const camel = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return camel !== key && known.includes(camel) ? `write \`${camel}\`` : undefined;
}
