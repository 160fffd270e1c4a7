import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parse } from "yaml";
import { environmentPath } from "../../components/config/file/find";
import { secretsPath } from "../../components/config/file/local-secrets";
import { NAMESPACE } from "../../components/config/file/written";
import { fileSchema } from "../../components/config/schema/file";
import { CONFIG_KEY } from "../../components/model/config-key";
import type { Arguments } from "../arguments";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import { readHidden } from "../setup/hidden-input";
import type { Progress } from "../setup/progress";
import { withSecret } from "../setup/secret-text";
import { openForReading } from "../setup/session";
import type { Stack } from "../setup/stack";

/** Encrypts a value and puts it into the environment's file, where nothing else changes. */
export async function secret({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  const key = secretKey(rest);
  const { stack } = await openForReading(name, progress);
  if (stack.local) {
    const own = relative(root, secretsPath(root, name));
    throw new Failure(
      `Secrets of ${name} belong in ${own}: the passphrase of Pulumi.${name}.yaml is public.`,
      `Write there: ${key}: '<value>'. Then run: chmod 600 ${own}`,
    );
  }
  await stack.ensure();
  const value = await readHidden(`value of ${key}`, "npm run secret -- set <key>");
  const path = environmentPath(root, name);
  const file = relative(root, path);
  await progress.during(`encrypting ${key}`, () => put(stack, path, key, value));
  progress.line(
    `${file} has the secret ${key}. To bring it to the swarm, run: npm run up -- -s ${name}`,
  );
}

/**
 * The key of `set <key>`, without our namespace. Pure.
 *
 * @throws Failure when the words are other ones, or name a setting
 */
export function secretKey(words: readonly string[]): string {
  const [verb, given = "", ...more] = words;
  const key = given.replace(new RegExp(`^${NAMESPACE}:`), "");
  if (verb !== "set" || given === "" || more.length > 0) {
    throw new Failure(
      more.length > 0
        ? "The value is not an argument: others could read it."
        : "`secret` needs the word `set` and a key.",
      "Run: npm run secret -- set <key>. It asks for the value, or reads it from a pipe.",
    );
  }
  if (!CONFIG_KEY.test(key)) {
    throw new Failure(
      `"${key}" is not a valid key.`,
      "Allowed are a letter or digit, then letters, digits, `_`, `.` and `-`, for example: apiToken",
    );
  }
  if (Object.hasOwn(fileSchema.shape, key)) {
    throw new Failure(
      `${key} is a setting, and settings are not encrypted.`,
      "Choose another key.",
    );
  }
  return key;
}

/** Pulumi encrypts it in a copy of the file: it would write the whole file in its own form. */
async function put(stack: Stack, file: string, key: string, value: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-secret-"));
  try {
    const copy = join(folder, `Pulumi.${stack.name}.yaml`);
    copyFileSync(file, copy);
    const full = `${NAMESPACE}:${key}`;
    await stack.setSecret(full, value, copy);
    const { config, ...top } = parse(readFileSync(copy, "utf8"));
    const encrypted = { key: full, secure: String(config[full].secure), top };
    writeFileSync(file, withSecret(readFileSync(file, "utf8"), encrypted));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
