import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { readEnvironmentFile, stackOf } from "../components/config/file/environment-file";
import { formatProblem, formatProblems } from "../components/model/problem";
import { environmentMap } from "./report/drawing";

// Prints an environment file as a Mermaid drawing: node --require ./components/runtime/typescript.cjs tools/map.ts [env]
const root = resolve(__dirname, "..");
const name = process.argv[2] ?? "local";
const path = join(root, `Pulumi.${name}.yaml`);

/** Names of the environments that have a file. */
function environments(): readonly string[] {
  const files = readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
  return files.map(stackOf);
}

/** Prints the map, or everything that is wrong with the file. */
function main(): void {
  if (!existsSync(path)) {
    console.error(`there is no Pulumi.${name}.yaml; use one of ${environments().join(", ")}`);
    process.exitCode = 1;
    return;
  }
  const { environment, problems, warnings } = readEnvironmentFile(path);
  for (const warning of warnings) console.error(`warning: ${formatProblem(warning)}`);
  if (environment === undefined) {
    console.error(formatProblems(name, problems));
    process.exitCode = 1;
    return;
  }
  process.stdout.write(environmentMap(environment));
}

main();
