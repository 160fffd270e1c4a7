import { type About, describe } from "../problem";

const OCTAL = /^(0?o)?[0-7]{1,5}$/;
const MOST = 0o7777;

/** The number of a mode; text is octal: `"0440"` and `"0o440"` are 288. */
export function modeOf(value: unknown): number {
  return typeof value === "string" ? Number.parseInt(value.replace(/^0?o/, ""), 8) : Number(value);
}

/** What is wrong with a mode, and the one that was probably meant; undefined when nothing is. */
export function wrongMode(value: string | number): About | undefined {
  const allowed = 'permissions as in chmod up to "7777", in quotes or as 0o7777';
  const typed = String(value);
  const octal = OCTAL.test(typed) ? Number.parseInt(typed.replace(/^0?o/, ""), 8) : Number.NaN;
  if (typeof value === "string") {
    if (octal <= MOST) return undefined;
    return { found: describe(value), allowed, fix: '`mode: "0440"`' };
  }
  const isMode = Number.isInteger(value) && value >= 0 && value <= MOST;
  const meant = octal <= MOST && isUsual(octal);
  // 400 is 0620 as a number: nobody gives a group the right to write and not to read.
  if (isMode && (isUsual(value) || !meant)) return undefined;
  const fix = meant ? `\`mode: "${text(octal)}"\`` : '`mode: "0440"`';
  return { found: isMode ? `${value}, which is ${text(value)} in octal` : typed, allowed, fix };
}

/** The number of a mode; octal text of one, such as 0670, that would look like a mistake as a number. */
export function unmistakable(value: string | number): string | number {
  const mode = modeOf(value);
  return wrongMode(mode) === undefined ? mode : text(mode);
}

function text(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

/**
 * Whether people give files such permissions: nobody has a right that those before lack, who may do
 * anything may read or only run, and who may write is all of the owner's kind.
 */
function isUsual(mode: number): boolean {
  const [owner = 0, group = 0, others = 0] = [6, 3, 0].map((shift) => (mode >> shift) & 7);
  const within = (inner: number, outer: number) => (inner & ~outer) === 0;
  const readable = (digit: number) => digit <= 1 || (digit & 4) !== 0;
  const whole = (inner: number, outer: number) => (inner & 2) === 0 || inner === outer;
  return (
    owner !== 1 &&
    [owner, group, others].every(readable) &&
    within(group, owner) &&
    within(others, group) &&
    whole(group, owner) &&
    whole(others, group)
  );
}
