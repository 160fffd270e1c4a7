import { defineConfig } from "vitest/config";

/** Suites that drive real engines: one file after the other, each test with minutes of time. */
export default defineConfig({
  test: {
    include: [
      "tests/e2e/**/*.test.ts",
      "tests/conformance/**/*.test.ts",
      "tests/peer/**/*.test.ts",
      "tests/upgrade/**/*.test.ts",
      "tests/trust/**/*.test.ts",
      "tests/aws/**/*.test.ts",
    ],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // What follows a failed step of a life would fail for that reason alone.
    bail: 1,
  },
});
