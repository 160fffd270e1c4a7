import { expect, test } from "vitest";
import { formatProblem, formatProblems } from "../../components/model/problem";

const evil = { path: "shop: services.web", found: "the key `\u001b]0;own\u0007\n::error::x`" };
const problem = { ...evil, allowed: "a key", fix: "remove `\u009b2J`" };

test("a problem that quotes somebody else's file commands no terminal and no workflow", () => {
  expect(formatProblem(problem)).toBe(`shop: services.web
  found:   the key \`
: :error::x\`
  allowed: a key
  fix:     remove \`2J\``);
  const all = formatProblems("dev", [problem]);
  for (const control of ["\u001b", "\u009b"]) expect(all).not.toContain(control);
  expect(all).not.toMatch(/^\s*::/m);
});
