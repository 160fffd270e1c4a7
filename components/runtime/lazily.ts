import { createRequire } from "node:module";

/**
 * Loads a file of the program when it is first needed, so that an environment does not pay for what
 * it does not use.
 *
 * The program's own loader teaches TypeScript to `require` alone, test runners to `import()` alone:
 * both ways are given, and the second is taken where the first finds nothing.
 *
 * @example
 * const { EfsShare } = await lazily(
 *   () => import("./efs.js"),
 *   () => require("./efs"),
 * );
 */
export async function lazily<T>(
  imported: () => Promise<T>,
  required: () => NoInfer<T>,
): Promise<T> {
  try {
    return await imported();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    createRequire(__filename)("./typescript.cjs");
    return required();
  }
}
