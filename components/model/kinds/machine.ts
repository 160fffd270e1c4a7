import type { Checked } from "../fields/field";
import { hidden, matching } from "../fields/rules";
import * as t from "../fields/types";

/** How to reach the machine, as JSON; a secret. */
const connection = t
  .text(hidden("how to reach a machine, as JSON", (value) => value.startsWith("{")))
  .required();

const again = t.list(t.text(matching(/./, "text")), "a list of text");

const absolute = matching(/^\//, "an absolute path");

/** An existing machine, as the first connection to it found it. */
export const machineFields = {
  /** How to reach it, as JSON; a secret. */
  connection,
  /** Its hostname in the swarm. */
  nodeName: t.text(matching(/./, "a hostname")).required(),
  /** It gets that hostname; otherwise another one is a problem. @default false */
  setHostname: t.flag(),
  /** Address that it must have. @default its address, or that of its default route */
  privateAddress: t.text(),
  /** Where a missing Docker engine comes from. @default distribution */
  enginePackages: t.oneOf("distribution", "docker").unless("distribution"),
  /** Seconds that its sshd may take until it answers. @default 0 */
  patience: t.count(300),
  /** Names of all nodes of the environment: the swarm that the machine is in is taken over, and has no others. @default it must be in none */
  adopts: t.list(t.text(matching(/./, "a hostname")), "a list of hostnames"),
  /** The environment that it belongs to: `<project>/<stack>`. */
  owner: t.text(matching(/./, "`<project>/<stack>`")).required(),
};

export type MachineInputs = Checked<typeof machineFields>;

/** Bash scripts that run as root on a machine. */
export const scriptFields = {
  /** How to reach the machine, as JSON; a secret. */
  connection,
  /** Run when it is created; repeatable. */
  create: t.text(matching(/\S/, "a bash script")).required(),
  /** Run when a script or the input changes. @default nothing is run */
  update: t.text(),
  /** Run after `create` and `update` over a connection of its own, which proves that the machine still lets us in. @default nothing is run */
  confirm: t.text(),
  /** Run before it goes. @default nothing is run */
  delete: t.text(),
  /** Standard input of each script; a secret. @default none */
  stdin: t.text(),
  /** Seconds that each script may take. */
  timeout: t.count(300).required(),
  /** With another value it runs again from the start. @default none */
  triggers: again,
};

export type ScriptInputs = Checked<typeof scriptFields>;

/** A file or a folder that is copied to a machine. */
export const uploadFields = {
  /** How to reach the machine, as JSON; a secret. */
  connection,
  /** Path of the file or folder on this machine; another path alone copies nothing. */
  source: t.text(matching(/./, "a path")).required(),
  /** Hash of its content: when it changes, it is copied again. */
  hash: t.text(matching(/./, "a hash")).required(),
  /** Path of the file, or of the folder that gets the folder's content, on the machine. */
  target: t.text(absolute).required(),
  /** With another value it is copied again. @default none */
  triggers: again,
};

export type UploadInputs = Checked<typeof uploadFields>;
