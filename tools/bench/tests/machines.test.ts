import { expect, test } from "vitest";
import { parse } from "yaml";
import { lacking, loginsIn } from "../machines/bare";
import { missingOf } from "../machines/capabilities";
import { machineUsage, parseMachines } from "../machines/options";
import { type MachineRow, machineTable } from "../machines/rows";
import { inventory, machinesFile } from "../machines/subjects";

test("means 2, 4 and 8 machines beside Ansible, and takes other numbers", () => {
  const standard = { nodes: [2, 4, 8], peers: ["ansible"], out: "bench-machines.json" };
  expect(parseMachines([])).toEqual(standard);
  expect(parseMachines(["--nodes", "2", "--peers", "none", "--out", "x.json"])).toEqual({
    ...{ nodes: [2], peers: [], out: "x.json" },
  });
});

test.each([
  [["--nodes", "0"], '"0" is not a list of numbers from 1 to 99.'],
  [["--nodes", "2,x"], '"2,x" is not a list of numbers from 1 to 99.'],
  [["--peers", "salt"], 'There is no peer "salt".'],
])("%j is refused", (words, message) => {
  expect(() => parseMachines(words)).toThrow(`${message}\nRun: ${machineUsage}`);
});

test("logins are those that sshd accepted", () => {
  const log = `Server listening on 0.0.0.0 port 22.
Accepted publickey for root from 172.18.0.1 port 5 ssh2: ED25519 SHA256:x
Connection closed by 172.18.0.1 port 6 [preauth]
Failed publickey for root from 172.18.0.1 port 7 ssh2: ED25519 SHA256:y
Accepted publickey for root from 172.18.0.1 port 8 ssh2: ED25519 SHA256:x
`;
  expect(loginsIn(log)).toBe(2);
  expect(loginsIn("")).toBe(0);
});

test("a swarm is complete when every machine is a ready node with its label", () => {
  expect(lacking("a ready true\nb ready true\n", ["a", "b"])).toBeUndefined();
  expect(lacking("a ready true\nb down true\nc ready <no value>\n", ["a", "b", "c", "d"])).toBe(
    "not ready nodes with a label: b, c, d",
  );
});

test("capabilities that are missing are those whose bits are not set", () => {
  expect(missingOf("Name:\tnode\nCapBnd:\t000001ffffffffff\n")).toEqual([]);
  expect(missingOf("CapBnd:\t000001fffffffffe\n")).toEqual(["CHOWN"]);
  expect(missingOf("CapBnd:\t000000ffffffefff\n")).toEqual(["NET_ADMIN", "CHECKPOINT_RESTORE"]);
});

const machines = ["m-0", "m-1"].map((name, n) => ({ name, address: `10.0.0.${n}` }));

test("both get the same machines, the same manager and the same key", () => {
  const { config } = parse(machinesFile(machines, "/tmp/key"));
  const { groups } = config["swarmyard:hosts"];
  expect(groups.first).toMatchObject({
    ...{ kind: "ssh", role: "manager", labels: { bench: "true" }, key: { file: "/tmp/key" } },
    machines: { "m-0": { address: "10.0.0.0" } },
  });
  expect(groups.others.machines).toEqual({ "m-1": { address: "10.0.0.1" } });
  expect(
    Object.keys(parse(machinesFile(machines.slice(1), "/k")).config["swarmyard:hosts"].groups),
  ).toEqual(["first"]);
  expect(inventory(machines, "/tmp/key")).toMatchObject({
    all: {
      vars: { ansible_ssh_private_key_file: "/tmp/key", ansible_user: "root" },
      children: {
        first: { hosts: { "m-0": { ansible_host: "10.0.0.0", node: "m-0" } } },
        others: { hosts: { "m-1": { ansible_host: "10.0.0.1", node: "m-1" } } },
      },
    },
  });
});

test("the table has the ratio to Ansible of the same run, and none where one failed", () => {
  const row = (subject: string, seconds: number, more: Partial<MachineRow> = {}): MachineRow => ({
    ...{ nodes: 2, step: "from bare machines", subject, seconds, cpuSeconds: 3.21, logins: 6 },
    ...more,
  });
  const lines = machineTable([row("swarmyard", 20), row("ansible", 40)]).split("\n");
  const cells = (line = "") =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  expect(lines.slice(2).map(cells)).toEqual([
    ["2", "from bare machines", "swarmyard", "20.0", "0.50", "3.2", "6"],
    ["2", "from bare machines", "ansible", "40.0", "1.00", "3.2", "6"],
  ]);
  const failed = machineTable([row("swarmyard", 20), row("ansible", 40, { problem: "no" })]);
  expect(
    failed
      .split("\n")
      .slice(2)
      .map((line) => cells(line)[4]),
  ).toEqual(["", ""]);
});
