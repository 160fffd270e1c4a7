import type { ReadStream } from "node:tty";
import { Exit, Failure } from "./failure";

/**
 * Reads a value: from a terminal without showing it, else all of standard input without the last line's end.
 *
 * @param piping the command into which it can be piped
 * @throws Failure when there is none
 */
export async function readHidden(
  what: string,
  piping: string,
  input: NodeJS.ReadStream = process.stdin,
): Promise<string> {
  const text = input.isTTY ? await typed(what, input) : await piped(input);
  if (text === "") throw new Failure(`No ${what} was given.`, `Type it, or pipe it: … | ${piping}`);
  return text;
}

async function piped(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

function typed(what: string, input: ReadStream): Promise<string> {
  process.stderr.write(`Type the ${what}, which is not shown, then Enter: `);
  input.setRawMode(true);
  input.setEncoding("utf8");
  input.resume();
  return new Promise<string>((resolve, reject) => {
    let text = "";
    const end = (finish: () => void) => {
      input.off("data", take);
      input.setRawMode(false);
      input.pause();
      process.stderr.write("\n");
      finish();
    };
    const take = (chunk: string) => {
      const { text: next, ended } = afterKeys(text, chunk);
      text = next;
      if (ended === "cancelled") end(() => reject(new Exit(130)));
      if (ended === "done") end(() => resolve(text));
    };
    input.on("data", take);
  });
}

/** What was typed so far after more keys: Enter ends it, Ctrl-C gives it up, Backspace takes one sign back. Pure. */
export function afterKeys(
  text: string,
  keys: string,
): { readonly text: string; readonly ended?: "done" | "cancelled" } {
  let typed = [...text];
  for (const key of keys) {
    if (key === "\r" || key === "\n" || key === "\u0004")
      return { text: typed.join(""), ended: "done" };
    if (key === "\u0003") return { text: "", ended: "cancelled" };
    if (key === "\u007f" || key === "\b") typed = typed.slice(0, -1);
    else if (key === "\u0015") typed = [];
    else typed.push(key);
  }
  return { text: typed.join("") };
}
