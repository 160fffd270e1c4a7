import { parseArgs } from "node:util";

/** What `npm run bench -- systems` measures. */
export interface SystemsOptions {
  /** Folder of compose files, with a manifest.tsv or without. @default files that are made for it */
  readonly cases?: string;
  /** Numbers of services of the compose files that are deployed. @default [20, 100, 300] */
  readonly services: readonly number[];
  /** Page whose section is replaced. @default none */
  readonly page?: string;
}

const usage =
  "npm run bench -- systems [--cases <folder>] [--services 20,100|none] [--page <file>]";

/** What `--help` prints. */
export const systemsHelp = `${usage}

Measures how fast compose files are read and come up, beside \`docker stack config\` and \`docker stack deploy\`.

  --cases     folder of compose files (default: SWARMYARD_CASES, else files that are made for it)
  --services  sizes of the compose files that are deployed, or none (default: 20,100,300)
  --page      page whose section "Compose files" is replaced`;

/** Reads the options. @throws Error for a wrong one */
export function parseSystems(words: readonly string[], env: NodeJS.ProcessEnv): SystemsOptions {
  const text = { type: "string" } as const;
  const read = () => {
    try {
      return parseArgs({ args: [...words], options: { cases: text, services: text, page: text } });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\nRun: ${usage}`);
    }
  };
  const { cases = env.SWARMYARD_CASES, services = "20,100,300", page } = read().values;
  const sizes = services === "none" ? [] : services.split(",").map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new Error(`"${services}" is not a list of whole numbers of at least 1.\nRun: ${usage}`);
  }
  return {
    ...(cases === undefined || cases === "" ? {} : { cases }),
    services: sizes,
    ...(page === undefined ? {} : { page }),
  };
}
