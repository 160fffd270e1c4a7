import { defineConfig } from "vitest/config";

/** Suites on real engines, in the order in which they run. */
const onEngines = ["conformance", "peer", "e2e", "upgrade", "systems", "trust", "aws"] as const;

const here = { extends: true } as const;

export default defineConfig({
  test: {
    projects: [
      {
        ...here,
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts", "tools/*/tests/**/*.test.ts"],
          exclude: [...onEngines.map((suite) => `tests/${suite}/**`), "**/node_modules/**"],
          // Whole programs take seconds on a busy machine; no test is about its time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...onEngines.map((suite, index) => ({
        ...here,
        test: {
          name: suite,
          include: [`tests/${suite}/**/*.test.ts`],
          // What follows a failed step of a life would fail for that reason alone.
          setupFiles: ["tests/after-failure.ts"],
          fileParallelism: false,
          sequence: { groupOrder: index + 1 },
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      })),
    ],
  },
});
