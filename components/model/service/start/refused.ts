import { isMap } from "../../paths";
import { describe, type Finding, type Keys } from "../../problem";
import { bytesIn } from "../../quantities";
import { UNKNOWN } from "../../values";
import { capabilityName } from "../capability-name";

type Inputs = { readonly [key: string]: unknown };

/** Least memory that swarm takes, which the field's own rule knows, and that a Docker engine gives a container. */
const LEAST_OF_SWARM = 4 * 1024 * 1024;
const LEAST_MEMORY = 6 * 1024 * 1024;

/** What swarm takes and a Docker engine refuses when a task starts. Malformed fields are skipped: other rules report them. */
export function refusedAtStart(inputs: unknown): Finding[] {
  if (!isMap(inputs)) return [];
  return [
    ...memory(inputs),
    ...workingDir(inputs),
    ...volumeNames(inputs),
    ...check(inputs),
    ...bothWays(inputs),
    ...logSizes(inputs),
    ...nulBytes(inputs),
    ...openFiles(inputs),
    ...cores(inputs),
    ...subpaths(inputs),
  ];
}

function memory({ resources }: Inputs): Finding[] {
  const limits = isMap(resources) && isMap(resources.limits) ? resources.limits : {};
  const bytes = bytesIn(limits.memory);
  if (bytes === undefined || bytes < LEAST_OF_SWARM || bytes >= LEAST_MEMORY) return [];
  return [
    {
      keys: ["resources", "limits", "memory"],
      found: describe(limits.memory),
      allowed: "at least 6MiB, the least that a Docker engine gives a container",
      fix: "`memory: 6MiB`, or more",
    },
  ];
}

/** The kernel gives no less than a hundredth of a core. */
const LEAST_CORES = 0.01;

function cores({ resources }: Inputs): Finding[] {
  const limits = isMap(resources) && isMap(resources.limits) ? resources.limits : {};
  const { cpus } = limits;
  if (typeof cpus !== "number" || cpus < 0.001 || cpus >= LEAST_CORES) return [];
  const allowed = "at least 0.01, the least that the kernel gives a container";
  const keys = ["resources", "limits", "cpus"];
  return [{ keys, found: describe(cpus), allowed, fix: "`cpus: 0.01`, or more" }];
}

function subpaths({ mounts }: Inputs): Finding[] {
  return entries(mounts).flatMap(([target, { volume }]) => {
    const subpath = isMap(volume) ? volume.subpath : undefined;
    if (typeof subpath !== "string" || !subpath.split("/").includes("..")) return [];
    const keys = ["mounts", target, "volume", "subpath"];
    const fix = "a path without `..`";
    return [{ keys, found: describe(subpath), allowed: "a path in the volume", fix }];
  });
}

function workingDir({ workingDir: folder }: Inputs): Finding[] {
  if (typeof folder !== "string" || folder === "" || folder.startsWith("/")) return [];
  // A path of Windows.
  if (/^[A-Za-z]:/.test(folder)) return [];
  const fix = `\`workingDir: /${folder.replace(/^\.?\//, "")}\``;
  return [{ keys: ["workingDir"], found: describe(folder), allowed: "an absolute path", fix }];
}

function volumeNames({ mounts }: Inputs): Finding[] {
  return entries(mounts).flatMap(([target, { type, source }]) => {
    if (type !== "volume" || typeof source !== "string" || source.includes("{{")) return [];
    if (source === "" || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source)) return [];
    return [
      {
        keys: ["mounts", target, "source"],
        found: `the volume ${describe(source)}`,
        allowed: "two or more letters, digits, `_`, `.` and `-`, with a letter or digit first",
        fix: "another name",
      },
    ];
  });
}

/** A health check without anything to run is never healthy. */
function check({ healthcheck }: Inputs): Finding[] {
  const test = isMap(healthcheck) ? healthcheck.test : undefined;
  if (Array.isArray(test) && test[0] === "CMD-SHELL" && test[1] === "NONE") {
    const found = "NONE as a command of the shell";
    return [{ keys: ["healthcheck", "test"], found, allowed: "[NONE]", fix: "`[NONE]`" }];
  }
  if (!Array.isArray(test) || !["CMD", "CMD-SHELL"].includes(String(test[0]))) return [];
  if (test.slice(1).some((word) => word === UNKNOWN || String(word).trim() !== "")) return [];
  return [
    {
      keys: ["healthcheck", "test"],
      found: `${String(test[0])} without a command`,
      allowed: "a command, or [NONE]",
      fix: '`["CMD-SHELL", "<command>"]`',
    },
  ];
}

/** Capabilities that are given and taken. */
function bothWays({ capAdd, capDrop }: Inputs): Finding[] {
  const name = (word: unknown) => capabilityName(String(word));
  const added = new Set((Array.isArray(capAdd) ? capAdd : []).map(name));
  return (Array.isArray(capDrop) ? capDrop : []).flatMap((word, index) => {
    if (!added.has(name(word))) return [];
    const found = `${describe(word)}, which \`capAdd\` gives`;
    const keys = ["capDrop", index];
    return [{ keys, found, allowed: "each capability once", fix: "remove one of them" }];
  });
}

/** Drivers that keep files, whose sizes and numbers they read when a container starts. */
const FILE_DRIVERS = ["json-file", "local"];

function logSizes({ logging }: Inputs): Finding[] {
  if (!isMap(logging) || !FILE_DRIVERS.includes(String(logging.driver))) return [];
  const options = isMap(logging.options) ? logging.options : {};
  const wrong = (key: string, allowed: string, fix: string): Finding => {
    const keys: Keys = ["logging", "options", key];
    return { keys, found: describe(options[key]), allowed, fix };
  };
  const { "max-size": size, "max-file": files } = options;
  const isSize = (text: string) => /^(-1|\d+(\.\d+)? ?([kmgt]i?b?|b)?)$/i.test(text);
  return [
    ...(typeof size === "string" && !size.includes("{{") && !isSize(size)
      ? [wrong("max-size", "a size such as 10m", "`max-size: 10m`")]
      : []),
    ...(typeof files === "string" && !files.includes("{{") && !/^0*[1-9]\d*$/.test(files)
      ? [wrong("max-file", "a whole number from 1", '`max-file: "3"`')]
      : []),
  ];
}

/** No program gets a text with a NUL byte. */
function nulBytes({ env, command, entrypoint }: Inputs): Finding[] {
  const texts: [Keys, unknown][] = [
    ...Object.entries(isMap(env) ? env : {}).map(([key, value]): [Keys, unknown] => [
      ["env", key],
      value,
    ]),
    ...words("command", command),
    ...words("entrypoint", entrypoint),
  ];
  return texts.flatMap(([keys, text]) => {
    if (typeof text !== "string" || !text.includes("\0")) return [];
    return [{ keys, found: "text with a NUL byte", allowed: "text without", fix: "remove it" }];
  });
}

/** The kernel has a largest number of files, so that nobody can have an endless one. */
function openFiles({ ulimits }: Inputs): Finding[] {
  const nofile = isMap(ulimits) ? ulimits.nofile : undefined;
  if (!isMap(nofile) || (nofile.hard !== -1 && nofile.soft !== -1)) return [];
  const found = "-1, which the kernel refuses for open files";
  const fix = "`nofile: { soft: 1048576, hard: 1048576 }`";
  return [{ keys: ["ulimits", "nofile"], found, allowed: "numbers, up to 1048576", fix }];
}

function words(field: string, value: unknown): [Keys, unknown][] {
  return (Array.isArray(value) ? value : []).map((word, index) => [[field, index], word]);
}

function entries(value: unknown): [string, Inputs][] {
  const all: [string, unknown][] = isMap(value) ? Object.entries(value) : [];
  return all.filter((entry): entry is [string, Inputs] => isMap(entry[1]));
}
