/**
 * Loads a file of the program when it is first needed, so that an environment does not pay for what
 * it does not use.
 *
 * The program's own loader teaches TypeScript to `require` alone, test runners to `import()` alone:
 * both ways are given.
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
  return require.extensions[".ts"] === undefined ? imported() : required();
}
