import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FORGET_VARIABLE, isForgotten } from "../../../components/model/forgotten";
import type { Properties } from "../../../components/model/values";
import { scriptKind } from "../../../components/provider/machine/script";
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

test("what confirms a script runs after it, over a connection of its own", async () => {
  const note = (word: string) => `echo ${word} >>${folder}/notes`;
  const confirm = `${note("confirm")}; [ ! -e ${folder}/closed ] || { echo closed >&2; exit 1; }`;
  const inputs = script({ create: note("create"), update: note("update"), confirm });
  await scriptKind.create(inputs, context());
  expect(host.logins()).toBe(2);
  await scriptKind.update(stored(inputs), { ...inputs, stdin: "x" }, context());
  expect(host.logins()).toBe(3);
  expect(readFileSync(join(folder, "notes"), "utf8")).toBe("create\nconfirm\nupdate\nconfirm\n");
  // With other words in `confirm` alone nothing is done.
  await scriptKind.update(stored(inputs), { ...inputs, confirm: "false" }, context());
  expect(host.logins()).toBe(3);
  writeFileSync(join(folder, "closed"), "");
  await expect(scriptKind.create(inputs, context())).rejects.toThrow("closed");
});

test("updates of several machines happen one after another", async () => {
  const note = (word: string) =>
    `echo ${word} begins >>${folder}/notes; sleep 0.2; echo ${word} ends >>${folder}/notes`;
  const update = (word: string) => {
    const old = script({ create: "true", update: note(word) });
    return scriptKind.update(stored(old), { ...old, stdin: word }, context());
  };
  await Promise.all([update("a"), update("b"), update("c")]);
  const lines = readFileSync(join(folder, "notes"), "utf8").trim().split("\n");
  expect(lines).toEqual(["a", "b", "c"].flatMap((word) => [`${word} begins`, `${word} ends`]));
});

test("only another trigger recreates it", () => {
  const old = script({ create: "true", triggers: ["a"] });
  const changes = (news: object) =>
    scriptKind.diff(stored(old), script({ ...old, ...news })).map((one) => [one.path, one.replace]);
  expect(changes({})).toEqual([]);
  expect(changes({ create: "false" })).toEqual([["create", false]]);
  expect(changes({ connection: `${connection} ` })).toEqual([["connection", false]]);
  expect(changes({ triggers: ["b"] })).toEqual([["triggers[0]", true]]);
});

test("a machine that is gone stops the delete, unless it is to be forgotten", {
  timeout: 90_000,
}, async () => {
  const inputs = script({ create: "true", delete: "true" });
  host.stop();
  const gone = { ...inputs, connection: connection.replace(/"port":\d+/, '"port":1') };
  const urn = "urn:pulumi:rack::swarmyard::swarm:hosts:Ssh$swarm:index:Script::db-0-claim";
  const asked = { ...context(), urn };
  const remove = () => scriptKind.delete(stored(gone), asked);
  const refusal =
    /root@127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED(?:.|\n)*npm run up \(or down\) -- -s rack --forget 127\.0\.0\.1$/;
  await expect(remove()).rejects.toThrow(refusal);
  process.env[FORGET_VARIABLE] = "127.0.0.2,127.0.0";
  try {
    await expect(remove()).rejects.toThrow(refusal);
    process.env[FORGET_VARIABLE] = "127.0.0.2,127.0.0.1";
    await remove();
    const warned = said.warnings.length;
    await remove();
    // Once is enough: it is not tried again for each script.
    expect(said.warnings).toHaveLength(warned);
  } finally {
    delete process.env[FORGET_VARIABLE];
  }
  expect(said.warnings.at(-1)).toContain("is still there");
});

test("only machines that are named are forgotten, or all", () => {
  expect(isForgotten("10.0.0.1", undefined)).toBe(false);
  expect(isForgotten("10.0.0.1", "")).toBe(false);
  expect(isForgotten("10.0.0.1", "10.0.0.11")).toBe(false);
  expect(isForgotten("10.0.0.1", "10.0.0.2,10.0.0.1")).toBe(true);
  expect(isForgotten("10.0.0.1", "1")).toBe(true);
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
