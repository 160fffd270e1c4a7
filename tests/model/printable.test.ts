import { expect, test } from "vitest";
import { printable } from "../../components/model/printable";
import { describeContainer } from "../../components/observe/post-mortem";
import { endingOf } from "../../components/observe/task-errors";
import { readable } from "../../components/observe/task-log";

const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);
const c1 = String.fromCharCode(0x9b);

test.each([
  [`${esc}[31mred${esc}[0m`, "red"],
  [`${esc}]0;title${bell}text`, "text"],
  [`${esc}]8;;http://x${esc}\\link`, "link"],
  [`a${esc}[2Kb\rc${c1}d${bell}`, "abcd"],
  ["tab\tand\nline", "tab\tand\nline"],
  ["::add-mask::x\n  ::error::y", ": :add-mask::x\n  : :error::y"],
  ["##[error]z", "# #[error]z"],
  ["std::string, a::b", "std::string, a::b"],
  ["\u202eabc", "abc"],
])("%j is printed as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("what a task wrote, what its health check said and its error are printed so", () => {
  const nasty = `${esc}[31m::stop-commands::x`;
  const safe = ": :stop-commands::x";
  expect(readable(Buffer.from(`${nasty}\n`))).toEqual([safe]);
  const Health = { Log: [{ ExitCode: 1, Output: nasty }] };
  expect(describeContainer({ State: { Health } }, { ID: "t" }).lines).toContain(`  ${safe}`);
  expect(endingOf({ ID: "t", Status: { Err: nasty } }).text).toContain(safe);
});
