import type { Field, Fields, Presence } from "../model/fields/field";
import { networkFields } from "../model/kinds/network";
import { volumeFields } from "../model/kinds/volume";
import { composeKeys, NOT_IN_COMPOSE } from "../model/platform/compose-names";
import type { Wording } from "../model/platform/source";
import type { Keys } from "../model/problem";
import { schedulingFields, serviceFields } from "../model/service/inputs";

/**
 * What is wrong with a value of a platform, in the words of the compose file that it comes from: each field
 * in backticks by its key there. Pure.
 *
 * @param platform key in the environment file, for what no compose file can say
 * @example
 * composeWording("shop").about(["services", "web", "ports", 0, "mode"], about);
 */
export function composeWording(platform: string): Wording {
  return {
    keys: composeKeys,
    about: (keys, { found, allowed, fix }) => {
      const told = (text: string) => inCompose(conditions(text, keys), keys, platform);
      return { found: told(found), allowed: told(allowed), fix: told(ofOptions(fix, keys)) };
    },
  };
}

type Known = Field<unknown, Presence>;

/** Fields below the keys of a platform; undefined where there are none that are known. */
function fieldsAt(keys: Keys): Fields | undefined {
  const [section, key, ...rest] = keys;
  if (section === "networks" && key !== undefined && rest.length === 0) return networkFields;
  if (section === "volumes" && key !== undefined && rest.length === 0) return volumeFields;
  if (section !== "services" || key === undefined) return undefined;
  let fields: Fields | undefined = { ...serviceFields, ...schedulingFields };
  let field: Known | undefined;
  for (const part of rest) {
    field = fields === undefined ? field?.is.item : fields[part];
    if (field === undefined) return undefined;
    fields = field.is.members;
  }
  return fields;
}

/** Whether keys lead into a map whose keys are anybody's, such as variables. */
function isFree(keys: Keys): boolean {
  return keys.length > 2 && fieldsAt(keys) === undefined;
}

const SPAN = /`([A-Za-z][\w]*(?:\.[A-Za-z]\w*)*)((?:: [^`]*)?)`/g;

/** After a field that is not of a service but of the environment file. */
const ELSEWHERE = /^ (?:for a group|of (?:a|each) group|(?:at|in) swarmyard)/;

/** Rewrites each field that a text has in backticks. */
function inCompose(text: string, keys: Keys, platform: string): string {
  return text.replace(SPAN, (span: string, name: string, rest: string, at: number) => {
    const found = find(name.split("."), keys);
    if (found === undefined || ELSEWHERE.test(text.slice(at + span.length))) return span;
    if (isOurs(found.field)) return `${span} at swarmyard:platforms.${platform}`;
    const inner = rest.replace(
      /([{,] ?)(\w+)(?=:)/g,
      (whole: string, before: string, key: string) => {
        const below = composeKeys([...found.field, key]);
        return has(found.field, key) ? `${before}${String(below.at(-1))}` : whole;
      },
    );
    return `\`${relative(composeKeys(found.field), composeKeys(found.scope))}${inner}\``;
  });
}

/** The field that a name means at a place: the nearest one, from the place upwards. */
function find(name: readonly string[], keys: Keys) {
  for (let length = keys.length; length >= 2; length--) {
    const scope = keys.slice(0, length);
    const isKey = length === keys.length - 1 && name[0] === keys.at(-1);
    if (isKey && isFree(scope)) return undefined;
    const field = [...scope, ...name];
    if (isOurs(field) || has([...scope, ...name.slice(0, -1)], name.at(-1) ?? "")) {
      return { scope, field };
    }
  }
  const ofPlatform = ["volumes", "*", ...name];
  if (isOurs(name)) return { scope: [], field: name };
  return isOurs(ofPlatform) ? { scope: ["volumes", "*"], field: ofPlatform } : undefined;
}

function has(keys: Keys, name: string): boolean {
  const fields = fieldsAt(keys);
  if (fields !== undefined && Object.hasOwn(fields, name)) return true;
  return keys.length === 2 && keys[0] === "services" && MORE.includes(name);
}

/** Fields of a service that the provider does not have. */
const MORE: readonly string[] = ["dependsOn", "route", "gpus"];

function isOurs(keys: Keys): boolean {
  return NOT_IN_COMPOSE.some((path) => {
    const parts = path.split(".");
    return (
      parts.length === keys.length && parts.every((part, at) => part === "*" || part === keys[at])
    );
  });
}

/** A path as one writes it at a scope: without the scope's own where it is inside. */
function relative(keys: Keys, scope: Keys): string {
  const inside = scope.every((key, at) => key === keys[at]);
  // The first two are the section and the key of the thing.
  return keys.slice(inside ? scope.length : 2).join(".");
}

/** Conditions of `depends_on` have other words. */
function conditions(text: string, keys: Keys): string {
  if (keys[2] !== "dependsOn") return text;
  return text
    .replace(/`([\w-]+): (started|healthy)`/g, "`$1: { condition: $2 }`")
    .replace(/\b(started|healthy)\b/g, "service_$1")
    .replace(/\bcompleted\b/g, "service_completed_successfully");
}

/** Options of `security_opt` are single texts, which one removes or not. */
function ofOptions(fix: string, keys: Keys): string {
  const [, , field, part] = keys;
  if (field !== "privileges" || part === undefined || part === "credentialSpec") return fix;
  return "remove it from `security_opt`";
}
