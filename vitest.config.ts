import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // These suites need an engine; `npm test`, `npm run test:trust` and `npm run test:aws` start them in runs of their own.
    exclude: [
      "tests/e2e/**",
      "tests/conformance/**",
      "tests/peer/**",
      "tests/upgrade/**",
      "tests/trust/**",
      "tests/aws/**",
      "node_modules/**",
    ],
    // Whole programs take seconds on a busy machine; no test is about its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
