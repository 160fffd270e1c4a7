import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // End-to-end and conformance suites need an engine; `npm test` starts them in a run of their own.
    exclude: ["tests/e2e/**", "tests/conformance/**", "tests/peer/**", "node_modules/**"],
    // Whole programs take seconds on a busy machine; no test is about its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
