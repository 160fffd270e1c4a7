import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // End-to-end and conformance suites need an engine; `npm test` starts them in a run of their own.
    exclude: ["tests/e2e/**", "tests/conformance/**", "tests/peer/**", "node_modules/**"],
  },
});
