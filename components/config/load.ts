import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { formatProblem } from "../model/problem";
import type { Environment } from "./environment/environment";
import {
  encryptedSetting,
  type MachineWorld,
  readValues,
  type Values,
} from "./file/environment-file";
import { filesOf, located, refused } from "./file/refused";
import { retypedIn } from "./file/retyped";
import { NAMESPACE } from "./file/written";
import { fileSchema } from "./schema/file";

const root = resolve(__dirname, "..", "..");

/** What is known of the machine; undefined is unknown. */
export type MachineFacts = {
  readonly [fact in keyof MachineWorld]: MachineWorld[fact] | undefined;
};

/**
 * Reads the settings of the current stack for the Pulumi program and logs warnings.
 * Only the presence of secrets is checked; platforms read them with `requireSecret`.
 *
 * @throws pulumi.RunError with all problems as one numbered list
 */
export function loadEnvironment(facts: MachineFacts): Environment {
  const stack = pulumi.getStack();
  const { environment, problems, warnings } = readValues(
    stack,
    { ...values(), retyped: writtenHere(stack) },
    root,
    known(facts),
  );
  for (const warning of located(stack, warnings)) pulumi.log.warn(formatProblem(warning));
  if (environment === undefined) {
    throw refused(stack, problems);
  }
  return environment;
}

function known({ ipvs, esp, machine, kept, occupied }: MachineFacts): MachineWorld {
  return {
    ...(ipvs === undefined ? {} : { ipvs }),
    ...(esp === undefined ? {} : { esp }),
    ...(machine === undefined ? {} : { machine }),
    ...(kept === undefined ? {} : { kept }),
    ...(occupied === undefined ? {} : { occupied }),
  };
}

/** Pulumi passes on parsed values; only the file has them as they were written. */
function writtenHere(stack: string): Values["retyped"] {
  const files = filesOf(stack);
  return files === undefined ? [] : retypedIn(files);
}

/** Values of our namespace; of encrypted ones only the key is kept. */
function values(): Values {
  const all = Object.entries(pulumi.runtime.allConfig()).flatMap(([full, value]) =>
    full.startsWith(`${NAMESPACE}:`)
      ? [{ full, key: full.slice(NAMESPACE.length + 1), value }]
      : [],
  );
  const secrets = all.filter(({ full }) => isSecret(full));
  const plain = all.filter(({ full }) => !isSecret(full));
  const settings = Object.keys(fileSchema.shape);
  return {
    plain: Object.fromEntries(plain.map(({ key, value }) => [key, structured(value)])),
    secrets: secrets.map(({ key }) => key),
    problems: secrets
      .filter(({ key }) => settings.includes(key))
      .map(({ key }) => encryptedSetting([key])),
  };
}

// The SDK has it, but leaves it out of its types; Config.get would warn about each secret instead.
const { isConfigSecret: isSecret } = pulumi.runtime as unknown as {
  readonly isConfigSecret: (key: string) => boolean;
};

/** Pulumi passes maps and lists as JSON, and text unchanged. */
function structured(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
