/** A secret, and every way in which it might lie about. */
export interface Needle {
  readonly name: string;
  /** Texts that give it away: itself, in base64 however it is aligned, in hex, and as JSON has it. */
  readonly forms: readonly string[];
}

/** A place where a secret lies about. */
export interface Finding {
  readonly secret: string;
  readonly place: string;
}

/** What to look for of a secret of at least eight characters. */
export function needle(name: string, value: string): Needle {
  const text = value.trim();
  if (text.length < 8) throw new Error(`${name} is too short to be looked for`);
  const forms = [
    text,
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString("hex"),
    ...[0, 1, 2].map((shift) => alignedBase64(text, shift)),
  ];
  return { name, forms: [...new Set(forms)] };
}

/** The part of the text's base64 that is the same whatever stands around it, `shift` bytes being before it. */
function alignedBase64(text: string, shift: number): string {
  const whole = Buffer.from("\0".repeat(shift) + text);
  const encoded = whole.subarray(0, whole.length - (whole.length % 3)).toString("base64");
  // The first four characters hold bytes of what stands before it.
  return shift === 0 ? encoded : encoded.slice(4);
}

/** Secrets that a text gives away. */
export function search(place: string, text: string, needles: readonly Needle[]): Finding[] {
  return needles
    .filter(({ forms }) => forms.some((form) => text.includes(form)))
    .map(({ name }) => ({ secret: name, place }));
}
