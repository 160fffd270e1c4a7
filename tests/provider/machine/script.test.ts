import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Properties } from "../../../components/model/values";
import { FORGET_VARIABLE, scriptKind } from "../../../components/provider/machine/script";
import { uploadKind } from "../../../components/provider/machine/upload";
import { type ShellHost, startShell } from "../../engine/shell-host";
import { contextWith, type Said } from "../service/stub-context";

let folder: string;
let host: ShellHost;
let connection: string;
let said: Said;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "swarmyard-script-"));
  host = await startShell();
  connection = JSON.stringify({ ...host.connection, hostKey: host.hostKey });
  said = { warnings: [], requests: [] };
});
afterEach(() => {
  host.stop();
  rmSync(folder, { recursive: true });
});

const context = () => contextWith({}, said);

function script(inputs: object) {
  const { inputs: checked, problems } = scriptKind.check(
    { connection, timeout: 20, ...inputs },
    undefined,
    { urn: "urn", salt: "" },
  );
  expect(problems).toEqual([]);
  return checked as Parameters<typeof scriptKind.create>[0];
}

const stored = (inputs: Properties) => ({
  id: "web",
  inputs: inputs as Parameters<typeof scriptKind.create>[0],
  state: { ...inputs, stdout: "before" },
});

test("a script runs with its input, and says what it printed", async () => {
  const inputs = script({ create: 'read -r word; echo "got $word"', stdin: "value\n" });
  const made = await scriptKind.create(inputs, context());
  expect(made).toEqual({ id: "web", state: { ...inputs, stdout: "got value\n" } });
  expect(scriptKind.secrets).toEqual(["connection", "stdin"]);
});

test("many scripts share one connection", async () => {
  const inputs = script({ create: "echo hi" });
  await Promise.all(Array.from({ length: 20 }, () => scriptKind.create(inputs, context())));
  expect(host.logins()).toBe(1);
});

test("a script that fails says where, how, and what it printed", async () => {
  const inputs = script({ create: "echo tried; echo broken >&2; exit 3" });
  const { port } = host.connection;
  await expect(scriptKind.create(inputs, context())).rejects.toThrow(
    `on root@127.0.0.1:${port} a script ended with 3:\ntried\nbroken`,
  );
  const slow = script({ create: "sleep 30", timeout: 1 });
  await expect(scriptKind.create(slow, context())).rejects.toThrow("a script took more than 1 s");
});

test("what a script that fails printed cannot command a terminal or a workflow's runner", async () => {
  const inputs = script({ create: "printf '\\033[2J::add-mask::x\\r\\n##[error]y\\n'; exit 3" });
  await expect(scriptKind.create(inputs, context())).rejects.toThrow(
    /a script ended with 3:\n: :add-mask::x\n# #\[error\]y$/,
  );
});

test("an update runs its own script, and nothing when only the way to the machine changed", async () => {
  const note = (word: string) => `echo ${word} | tee -a ${folder}/notes`;
  const old = script({ create: note("create"), update: note("update"), delete: note("delete") });
  const notes = () => readFileSync(join(folder, "notes"), "utf8");
  await scriptKind.create(old, context());
  const news = script({ ...old, create: `${note("create")} # more` });
  expect((await scriptKind.update(stored(old), news, context())).state.stdout).toBe("update\n");
  const moved = script({ ...old, connection: `${connection} `, timeout: 30, delete: "true" });
  expect((await scriptKind.update(stored(old), moved, context())).state).toEqual({
    ...moved,
    stdout: "before",
  });
  await scriptKind.delete(stored(old), context());
  expect(notes()).toBe("create\nupdate\ndelete\n");
  const none = script({ create: "true" });
  await scriptKind.delete(stored(none), context());
  expect((await scriptKind.update(stored(old), none, context())).state.stdout).toBe("before");
});

test("only another trigger makes it anew", () => {
  const old = script({ create: "true", triggers: ["a"] });
  const changes = (news: object) =>
    scriptKind.diff(stored(old), script({ ...old, ...news })).map((one) => [one.path, one.replace]);
  expect(changes({})).toEqual([]);
  expect(changes({ create: "false" })).toEqual([["create", false]]);
  expect(changes({ connection: `${connection} ` })).toEqual([["connection", false]]);
  expect(changes({ triggers: ["b"] })).toEqual([["triggers[0]", true]]);
});

test("a machine that is gone stops the delete, unless it is to be forgotten", {
  timeout: 60_000,
}, async () => {
  const inputs = script({ create: "true", delete: "true" });
  host.stop();
  const gone = { ...inputs, connection: connection.replace(/"port":\d+/, '"port":1') };
  await expect(scriptKind.delete(stored(gone), context())).rejects.toThrow(
    new RegExp(`root@127.0.0.1:1 cannot be reached: .*ECONNREFUSED[^]*${FORGET_VARIABLE}=1`),
  );
  process.env[FORGET_VARIABLE] = "1";
  try {
    await scriptKind.delete(stored(gone), context());
  } finally {
    delete process.env[FORGET_VARIABLE];
  }
  expect(said.warnings.at(-1)).toContain("is still there");
});

test("files and folders are copied when their content changes, wherever they lie", async () => {
  const source = join(folder, "source");
  mkdirSync(join(source, "deep"), { recursive: true });
  writeFileSync(join(source, "deep/file"), "one");
  const target = join(folder, "a target/of files");
  const inputs = { connection, source, hash: "1", target };
  await uploadKind.create(inputs, context());
  expect(readFileSync(join(target, "deep/file"), "utf8")).toBe("one");
  const old = { id: target, inputs, state: inputs };
  const other = { ...inputs, source: "/elsewhere" };
  expect(uploadKind.diff(old, other)).toEqual([]);
  writeFileSync(join(source, "deep/file"), "two");
  const changed = { ...inputs, hash: "2" };
  expect(uploadKind.diff(old, changed).map(({ path }) => path)).toEqual(["hash"]);
  await uploadKind.update(old, changed, context());
  expect(readFileSync(join(target, "deep/file"), "utf8")).toBe("two");
  const file = { ...inputs, source: join(source, "deep/file"), target: join(folder, "x/y") };
  await uploadKind.create(file, context());
  expect(readFileSync(join(folder, "x/y"), "utf8")).toBe("two");
});
