import { isMap, mergeDeep, type PlainMap } from "../../model/merge";
import { listed, suggestion } from "../../model/nearest";
import { describe, fileProblem, type Problem } from "../../model/problem";

/** An environment's values merged over those of its base. */
export interface Based {
  readonly values: PlainMap;
  readonly problems: readonly Problem[];
}

/**
 * Merges an environment's own values over those of the base that it names: `base: aws` takes
 * `bases.aws` of Pulumi.yaml. Maps are merged by key, null removes a value of the base, anything else
 * replaces it.
 */
export function overBase(values: Readonly<PlainMap>): Based {
  const { bases, ...own } = values;
  if (own.base === undefined || own.base === null) return { values: own, problems: [] };
  const known = isMap(bases) ? bases : {};
  const name = String(own.base);
  const base = known[name];
  if (isMap(base)) return { values: merged(base, own), problems: [] };
  const names = Object.keys(known);
  const place = "a key of swarmyard:bases in Pulumi.yaml";
  const fix = suggestion(name, names, names[0] === undefined ? "remove `base`" : `\`${names[0]}\``);
  const problem = fileProblem(["base"], {
    found: describe(own.base),
    allowed: names.length === 0 ? `${place}, which has none` : `${place}: ${listed(names)}`,
    fix,
  });
  return { values: own, problems: [problem] };
}

// A null that removes nothing stays: `db:` alone is a group with defaults.
function merged(base: PlainMap, own: PlainMap): PlainMap {
  const result = mergeDeep(base, own) as PlainMap;
  return restoreNulls(result, base, own);
}

function restoreNulls(result: PlainMap, base: PlainMap, own: PlainMap): PlainMap {
  for (const [key, value] of Object.entries(own)) {
    const below = base[key];
    if (value === null && !(key in base)) result[key] = null;
    if (!isMap(value) || !isMap(result[key])) continue;
    result[key] = restoreNulls(result[key], isMap(below) ? below : {}, value);
  }
  return result;
}
