import { expect, test } from "vitest";
import { keptInputs, NEW_IMAGE_VARIABLE } from "../../components/hosts/aws/new-image";
import { destructiveSteps } from "../../tools/report/destruction";
import { otherSteps, replaceable, staleMachines } from "../../tools/report/stale-machines";
import { awsEnvironment } from "../aws-environment";

const INSTANCE = "aws:ec2/instance:Instance";
const urn = (type: string, name: string) =>
  `urn:pulumi:one::swarmyard::swarm:hosts:Aws$${type}::${name}`;
const step = (op: string, type: string, name: string, reasons: readonly string[] = []) => ({
  op,
  urn: urn(type, name),
  oldState: { type, urn: urn(type, name), id: name },
  diffReasons: reasons,
});

test("workers are replaced first, then managers, and the first manager never", () => {
  expect(replaceable(awsEnvironment())).toEqual(["vm-one-w-0", "vm-one-m-1", "vm-one-m-2"]);
  const firstManager = "vm-one-m-2";
  expect(replaceable(awsEnvironment({ swarm: { firstManager } }))).toEqual([
    "vm-one-w-0",
    "vm-one-m-0",
    "vm-one-m-1",
  ]);
});

test("a machine is stale when its image or its user data would be another one", () => {
  const steps = [
    step("replace", INSTANCE, "vm-one-m-1-machine", ["ami"]),
    step("update", INSTANCE, "vm-one-w-0-machine", ["userData"]),
    step("update", INSTANCE, "vm-one-w-1-machine", ["tags"]),
    step("same", INSTANCE, "vm-one-w-2-machine"),
    step("replace", "command:remote:Command", "vm-one-w-3-machine", ["userData"]),
  ];
  const names = ["vm-one-w-0", "vm-one-w-1", "vm-one-w-2", "vm-one-w-3", "vm-one-m-1"];
  const machines = [
    { name: "vm-one-w-0", urn: urn(INSTANCE, "vm-one-w-0-machine") },
    { name: "vm-one-m-1", urn: urn(INSTANCE, "vm-one-m-1-machine") },
  ];
  expect(staleMachines(steps, names)).toEqual(machines);
});

test("what goes with a machine is not another destruction; a machine with a longer number is", () => {
  const volume = "swarm:index:Volume";
  const steps = [
    step("replace", INSTANCE, "vm-one-w-1-machine", ["ami"]),
    step("replace", volume, "demo-volume-data-vm-one-w-1"),
    step("replace", INSTANCE, "vm-one-w-10-machine", ["subnetId"]),
  ];
  const machines = staleMachines(steps, ["vm-one-w-1"]);
  expect(destructiveSteps(otherSteps(steps, machines))).toEqual({
    destroyed: ["  replaces machine vm-one-w-10, because of subnetId"],
    givenBack: [],
  });
});

test("a machine keeps the image and user data of its birth unless a run names it", () => {
  const run = { [NEW_IMAGE_VARIABLE]: "vm-one-w-0,vm-one-m-1" };
  expect(keptInputs("vm-one-w-0", {})).toEqual(["ami", "userData"]);
  expect(keptInputs("vm-one-w-0", run)).toEqual([]);
  expect(keptInputs("vm-one-m-1", run)).toEqual([]);
  expect(keptInputs("vm-one-m-2", run)).toEqual(["ami", "userData"]);
});
