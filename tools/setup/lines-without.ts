/** Lets whole lines through that do not match; what is not a whole line yet waits. */
export function linesWithout(pattern: RegExp): {
  readonly take: (text: string) => string;
  readonly rest: () => string;
} {
  let waiting = "";
  const kept = (lines: readonly string[]) => lines.filter((line) => !pattern.test(line)).join("");
  return {
    take(text) {
      const lines = (waiting + text).split(/(?<=\n)/);
      waiting = lines.at(-1)?.endsWith("\n") ? "" : (lines.pop() ?? "");
      return kept(lines);
    },
    rest: () => kept([waiting]),
  };
}
