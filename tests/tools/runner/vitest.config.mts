import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "../../..");

/** As the suites on real engines run: `runner.test.ts` looks at what comes of it. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.steps.ts"],
    setupFiles: [join(root, "tests/after-failure.ts")],
    fileParallelism: false,
    reporters: [join(root, "tools/test/reporter.ts")],
  },
});
