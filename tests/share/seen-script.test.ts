import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forgetSeenScript, seenScript } from "../../components/share/seen-script";
import { lintScripts } from "../lint-scripts";
import { FolderMachine } from "./machine";

lintScripts({ "look for the file": seenScript.text, "forget the file": forgetSeenScript });

let machine: FolderMachine;
let target: string;
beforeEach(() => {
  machine = new FolderMachine();
  target = join(machine.folder, "share");
});
afterEach(() => machine.remove());

const input = (own: string, mark = "", folder = target) =>
  seenScript.stdin({ target: folder, own, writer: "db-0", mark });

test("one machine writes a file of random text, the same at each run, and the others see it", () => {
  mkdirSync(target);
  const { status, said } = machine.run(seenScript.text, input("db-0"));
  expect(status).toBe(0);
  expect(said).toMatch(/^[0-9a-f]{32}$/);
  expect(machine.run(seenScript.text, input("db-0")).said).toBe(said);
  expect(machine.run(seenScript.text, input("web-0", said))).toMatchObject({ status: 0, said: "" });
});

test("a machine with another folder at the same path is refused, and so is one without", () => {
  mkdirSync(target);
  const { said } = machine.run(seenScript.text, input("db-0"));
  const other = join(machine.folder, "other");
  mkdirSync(other);
  const plain = machine.run(seenScript.text, input("web-0", said, other));
  expect([plain.status, plain.complaint]).toEqual([
    1,
    `${other} on this machine, a plain folder of this machine's disk, is not the folder that db-0 has there: it lacks the file db-0 wrote, ${other}/.swarmyard-db-0\n`,
  ]);
  const none = machine.run(seenScript.text, input("web-0", said, "/nowhere/share"));
  expect([none.status, none.complaint]).toEqual([
    1,
    "there is no folder /nowhere/share on this machine: mount it there, as on the other machines\n",
  ]);
});

test("a machine takes its own file with it, and nothing else of the folder", () => {
  mkdirSync(target);
  machine.write("share/precious", "data");
  const { said } = machine.run(seenScript.text, input("db-0"));
  expect(machine.run(forgetSeenScript, input("web-0", said)).status).toBe(0);
  expect(machine.has("share/.swarmyard-db-0")).toBe(true);
  expect(machine.run(forgetSeenScript, input("db-0")).status).toBe(0);
  expect(machine.has("share/.swarmyard-db-0")).toBe(false);
  expect(machine.read("share/precious")).toBe("data");
});
