import type { Plain } from "../tree";

/** A scalar as Docker's YAML library reads it, and the text that it becomes where text is wanted. */
export interface Scalar {
  readonly value: Plain;
  readonly text: string;
}

/** No number of a compose file is longer. */
const LONGEST = 100;

const INTEGER = /^[-+]?(?:0x[0-9a-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/**
 * Reads a plain scalar: the integers of YAML 1.1 (`0440` is octal, `0x10` is 16), the truth values of
 * YAML 1.2 (`yes` and `on` are text), no sexagesimals (`22:22` is text).
 */
export function plainScalar(source: string): Scalar {
  if (/^(?:|~|null|Null|NULL)$/.test(source)) return { value: null, text: "" };
  if (/^(?:true|True|TRUE)$/.test(source)) return { value: true, text: "true" };
  if (/^(?:false|False|FALSE)$/.test(source)) return { value: false, text: "false" };
  const digits = source.replaceAll("_", "");
  if (!/^[-+.\d]/.test(source)) return { value: source, text: source };
  if (digits.length > LONGEST) return { value: source, text: source };
  if (INTEGER.test(digits)) return integer(digits);
  if (FLOAT.test(digits)) return float(Number(digits));
  return { value: source, text: source };
}

function integer(digits: string): Scalar {
  const negative = digits.startsWith("-");
  const bare = digits.replace(/^[-+]/, "").toLowerCase();
  const octal = /^0o?([0-7]+)$/.exec(bare);
  const size = BigInt(octal === null ? bare : `0o${octal[1]}`);
  const whole = negative ? -size : size;
  const limit = 2n ** (negative ? 63n : 64n);
  if (size >= limit) return float(Number(whole));
  return { value: Number(whole), text: String(whole) };
}

function float(value: number): Scalar {
  const size = Math.abs(value);
  const plain = Object.is(value, -0) ? "-0" : String(value);
  const text = value !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential() : plain;
  return { value, text: text.replace(/e([-+])(\d)$/, "e$10$2") };
}
