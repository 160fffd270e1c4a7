/** Bytes as properties carry them: as text where they are UTF-8, else as base64. */
export interface Carried {
  readonly data: string;
  /** How `data` is written. @default text */
  readonly encoding?: "base64";
}

/**
 * Bytes of a file, exactly, in a form that properties can hold.
 *
 * @example
 * carried(Buffer.from([0xff])) // { data: "/w==", encoding: "base64" }
 */
export function carried(bytes: Buffer): Carried {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes)
    ? { data: text }
    : { data: bytes.toString("base64"), encoding: "base64" };
}

/** The bytes again. */
export function bytesOf({ data, encoding }: Carried): Buffer {
  return Buffer.from(data, encoding === "base64" ? "base64" : "utf8");
}

/** Whether the text stands for bytes in its encoding: whole characters, or canonical base64. */
export function isCarried(data: string, encoding: unknown): boolean {
  const code = encoding === "base64" ? "base64" : "utf8";
  return Buffer.from(data, code).toString(code) === data;
}

/** A size as messages give it. @example sizeText(1_200_000) // "1,200,000 bytes" */
export function sizeText(bytes: number): string {
  return bytes === 1 ? "1 byte" : `${bytes.toLocaleString("en")} bytes`;
}
