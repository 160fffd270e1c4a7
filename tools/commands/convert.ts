import { basename, dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readCompose } from "../../components/compose/read-compose";
import { problemsAlone } from "../../components/config/alone";
import { readText } from "../../components/config/file/read-text";
import type { Arguments } from "../arguments";
import { conversionText } from "../report/conversion";
import { Exit, Failure } from "../setup/failure";

/**
 * Prints what compose files become, key by key, and the platform in TypeScript.
 *
 * @throws Exit when something in them is refused
 */
export async function convert({ rest }: Arguments): Promise<void> {
  const { files, envFiles, profiles, lenient } = requested(rest);
  // npm runs commands in the project's folder; paths are meant from where it was called.
  const from = process.env.INIT_CWD ?? process.cwd();
  const paths = files.map((file) => resolve(from, file));
  const folder = dirname(paths[0] ?? from);
  const name = platformName(basename(folder));
  const source = readCompose({
    files: paths,
    folder,
    read: readText,
    name,
    variables: {},
    envFiles: envFiles.map((file) => resolve(from, file)),
    profiles,
    lenient,
  });
  const problems = problemsAlone(name, source);
  process.stdout.write(conversionText({ ...source, problems }));
  if (problems.length > 0) throw new Exit(1);
}

/** A name that Docker engines take, of that of the files' folder; the environment file will give another one. */
function platformName(folder: string): string {
  return folder.replaceAll(/[^A-Za-z0-9-]+/g, "-").replaceAll(/^-+|-+$/g, "") || "platform";
}

/** @throws Failure for an unknown option, or without a file */
export function requested(rest: readonly string[]) {
  const options = {
    "env-file": { type: "string", multiple: true },
    profile: { type: "string", multiple: true },
    lenient: { type: "boolean" },
  } as const;
  try {
    const args = rest.filter((word) => word !== "--");
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length === 0) throw new Error("No compose file is named.");
    const { "env-file": envFiles = [], profile: profiles = [], lenient = false } = values;
    return { files: positionals, envFiles, profiles, lenient };
  } catch (error) {
    throw new Failure(
      (error as Error).message,
      "Run: npm run convert -- compose.yaml [more files] [--env-file .env] [--profile name] [--lenient]",
    );
  }
}
