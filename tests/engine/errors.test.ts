import { expect, test } from "vitest";
import { cause, isAdrift } from "../../components/engine/errors";

test("the reason of an error cannot command a terminal or a workflow's runner", () => {
  const message = "\u001b[2J::add-mask::x\u0007 ";
  expect(cause({ json: { message } })).toBe(": :add-mask::x");
  expect(cause(new Error(message))).toBe(": :add-mask::x");
  expect(cause(message)).toBe(": :add-mask::x");
  expect(cause({ json: { message: "no such image: a:1" } })).toBe("no such image: a:1");
});

const answered = (message: string) => ({ statusCode: 500, json: { message } });

test.each([
  "rpc error: code = Canceled desc = grpc: the client connection is closing",
  "rpc error: code = Unavailable desc = transport is closing",
  "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
  "rpc error: code = Unknown desc = context deadline exceeded",
  "context canceled",
  "rpc error: code = Unknown desc = raft: failed to process the request: node lost leader status",
  "raft: raft node is stopped",
])("a manager that lost its way to the leader: %s", (message) => {
  expect(isAdrift(answered(message))).toBe(true);
  expect(isAdrift(new Error(message))).toBe(false);
});

test.each([
  "rpc error: code = Unknown desc = update out of sequence",
  "rpc error: code = InvalidArgument desc = name must be valid as a DNS name component",
  "rpc error: code = AlreadyExists desc = service a already exists",
  'Get "https://registry.test/v2/": context deadline exceeded',
])("an answer that another manager would give too: %s", (message) => {
  expect(isAdrift(answered(message))).toBe(false);
});
