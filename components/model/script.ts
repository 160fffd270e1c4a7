/** A shell script with the values that it reads from its standard input, line by line. */
export interface Script<Values> {
  /** Idempotent bash, without a secret in it. */
  readonly text: string;
  /** The values in the order and form in which `text` reads them. */
  stdin(values: Values): string;
}

/** Standard input of one value a line. */
export function linesOf(...values: readonly string[]): string {
  return `${values.join("\n")}\n`;
}
