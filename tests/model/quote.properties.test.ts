import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { quote } from "../../components/model/quote";
import { fc } from "../properties";

// A process's arguments cannot hold NUL.
const word = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(..."'\"\\$`!*? \n\t-;&|<>(){}#~a"), maxLength: 20 }),
  )
  .map((text) => text.replaceAll("\0", ""));

/** What a shell reads from words that are quoted, each ended by NUL. */
function readBy(shell: string, script: string): string[] {
  const output = execFileSync(shell, ["-c", script], { encoding: "utf8" });
  return output.split("\0").slice(0, -1);
}

test.each(["sh", "bash"])(
  "%s reads any words as they were, also through a second shell",
  (shell) => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
        const script = `printf '%s\\0' ${words.map(quote).join(" ")}`;
        expect(readBy(shell, script)).toEqual(words);
        expect(readBy(shell, `${shell} -c ${quote(script)}`)).toEqual(words);
      }),
      { numRuns: 25 },
    );
  },
);
