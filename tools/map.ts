import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readEnvironmentFile } from "../components/config/file/environment-file";
import { environmentFiles, environmentPath } from "../components/config/file/find";
import { formatProblem, formatProblems } from "../components/model/problem";
import { environmentMap } from "./report/drawing";

// Prints an environment file as a Mermaid drawing: node --require ./components/runtime/typescript.cjs tools/map.ts [env]
const root = resolve(__dirname, "..");
const name = process.argv[2] ?? "local";
const path = environmentPath(root, name);

/** Prints the map, or everything that is wrong with the file. */
function main(): void {
  if (!existsSync(path)) {
    const names = environmentFiles(root).map((file) => file.name);
    console.error(`There is no Pulumi.${name}.yaml. Use one of: ${names.join(", ")}.`);
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
