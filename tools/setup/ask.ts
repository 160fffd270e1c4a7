import { createInterface } from "node:readline";
import { Failure } from "./failure";
import { interruption } from "./interruption";

/** Where a question is asked and answered. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks for the environment's name before something is destroyed.
 *
 * @param command What a script runs instead: it has nobody to answer.
 * @throws Failure unless the answer is the name
 */
export async function requireName(
  name: string,
  command: string,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (!terminal.input.isTTY) {
    throw new Failure(
      "Nothing was destroyed: there is no terminal to ask for the environment's name.",
      `If you mean it, run: ${command}`,
    );
  }
  terminal.output.write(`To go on, enter the environment's name (${name}): `);
  const answer = await line(terminal.input);
  interruption.throwIfInterrupted();
  if (answer.trim() !== name) {
    throw new Failure(`Nothing was destroyed: the answer was not ${name}.`);
  }
}

/** The next line; empty when there is none or Ctrl-C ends the waiting. */
async function line(input: NodeJS.ReadableStream): Promise<string> {
  // Not as a terminal: it would take Ctrl-C for itself.
  const lines = createInterface({ input, terminal: false, signal: interruption.signal });
  for await (const text of lines) {
    lines.close();
    return text;
  }
  return "";
}
