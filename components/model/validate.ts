import { isMap, memberPath } from "./paths";
import { parseBytes, parseDuration } from "./quantities";
import { type Failure, UNKNOWN } from "./values";

/** Takes one problem. */
export type Report = (property: string, reason: string) => void;

/** Looks at one value and reports every problem with it. Unknown values pass. */
export type Rule = (value: unknown, path: string, report: Report) => void;

/** What was found, in words for an error message. */
export function found(value: unknown): string {
  const text = JSON.stringify(value);
  return text === undefined ? "nothing" : text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Passes what is absent or unknown; the rest goes to `rule`. */
function present(rule: Rule): Rule {
  return (value, path, report) => {
    if (value !== undefined && value !== null && value !== UNKNOWN) {
      rule(value, path, report);
    }
  };
}

/** Absent is a problem; `type` says what to type. */
export function required(rule: Rule, type = "give it a value"): Rule {
  return (value, path, report) => {
    if (value === undefined || value === null) {
      report(path, `is missing; ${type}`);
    } else {
      rule(value, path, report);
    }
  };
}

/** A text; `allowed` says in words what `pattern` allows. */
export function text(pattern?: RegExp, allowed = "a text"): Rule {
  return present((value, path, report) => {
    if (typeof value !== "string") {
      report(path, `is ${found(value)}; allowed is ${allowed}, write it in quotes`);
    } else if (pattern && !pattern.test(value)) {
      report(path, `is ${found(value)}; allowed is ${allowed}`);
    }
  });
}

/** A secret text: its value never gets into a message. */
export function secretText(allowed: string, isValid: (value: string) => boolean): Rule {
  return present((value, path, report) => {
    if (typeof value !== "string" || !isValid(value)) {
      report(path, `does not fit; allowed is ${allowed}`);
    }
  });
}

/** true or false. */
export function flag(): Rule {
  return present((value, path, report) => {
    if (typeof value !== "boolean") {
      report(path, `is ${found(value)}; type true or false`);
    }
  });
}

/** A number within bounds. @default whole numbers only */
export function number(
  options: { readonly min?: number; readonly max?: number; readonly fraction?: boolean } = {},
): Rule {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = options;
  const kind = options.fraction === true ? "a number" : "a whole number";
  const from = Number.isFinite(min) ? ` from ${min}` : "";
  const to = Number.isFinite(max) ? ` to ${max}` : "";
  return present((value, path, report) => {
    const whole = options.fraction === true || Number.isInteger(value);
    if (typeof value !== "number" || !whole || value < min || value > max) {
      report(path, `is ${found(value)}; allowed is ${kind}${from}${to}`);
    }
  });
}

/** One of the given texts. */
export function oneOf(...allowed: readonly string[]): Rule {
  return present((value, path, report) => {
    if (!allowed.includes(value as string)) {
      report(path, `is ${found(value)}; type one of ${allowed.join(", ")}`);
    }
  });
}

/** A duration text such as `1m30s`. */
export function duration(): Rule {
  return quantity(parseDuration, "a duration such as 10s or 1m30s");
}

/** A size text such as `512MiB`. */
export function bytes(): Rule {
  return quantity(parseBytes, "a size such as 512MiB or 2GiB");
}

function quantity(parse: (text: string) => number, allowed: string): Rule {
  return present((value, path, report) => {
    if (typeof value !== "string") {
      report(path, `is ${found(value)}; allowed is ${allowed}, write it in quotes`);
      return;
    }
    try {
      parse(value);
    } catch (error) {
      report(path, (error as RangeError).message);
    }
  });
}

/** A list whose items all follow `rule`. */
export function listOf(rule: Rule): Rule {
  return present((value, path, report) => {
    if (!Array.isArray(value)) {
      report(path, `is ${found(value)}; allowed is a list`);
      return;
    }
    value.forEach((item, index) => {
      required(rule)(item, memberPath(path, index), report);
    });
  });
}

/** A map with free keys; `keys` says in words what `pattern` allows as a key. */
export function mapOf(rule: Rule, pattern?: RegExp, keys = "a name"): Rule {
  return present((value, path, report) => {
    if (!isMap(value)) {
      report(path, `is ${found(value)}; allowed is a map of names to values`);
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      if (key === "" || (pattern && !pattern.test(key))) {
        report(memberPath(path, key), `has the key ${found(key)}; allowed is ${keys}`);
      }
      rule(member, memberPath(path, key), report);
    }
  });
}

/** A map of fixed keys, each with its rule; any other key is refused. */
export function fields(shape: { readonly [key: string]: Rule }): Rule {
  const allowed = Object.keys(shape).sort().join(", ");
  return present((value, path, report) => {
    if (!isMap(value)) {
      report(path, `is ${found(value)}; allowed is a map with ${allowed}`);
      return;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(shape, key)) {
        report(memberPath(path, key), `is not known here; allowed are ${allowed}`);
      }
    }
    for (const [key, rule] of Object.entries(shape)) {
      rule(value[key], memberPath(path, key), report);
    }
  });
}

/** Several rules for one value. */
export function all(...rules: readonly Rule[]): Rule {
  return (value, path, report) => {
    for (const rule of rules) {
      rule(value, path, report);
    }
  };
}

/** All problems of a resource's inputs. */
export function validate(rule: Rule, inputs: unknown): Failure[] {
  const failures: Failure[] = [];
  rule(inputs, "", (property, reason) => failures.push({ property, reason }));
  return failures;
}
