import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // These suites need an engine; `npm test` and `npm run test:trust` start them in runs of their own.
    exclude: [
      "tests/e2e/**",
      "tests/conformance/**",
      "tests/peer/**",
      "tests/trust/**",
      "node_modules/**",
    ],
    // Whole programs take seconds on a busy machine; no test is about its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
