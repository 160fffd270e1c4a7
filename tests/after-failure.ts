import { afterEach, beforeEach } from "vitest";

// Loaded once for each file of a suite on real engines: its tests are steps of one life.
let failed = false;

beforeEach((context) => context.skip(failed, "an earlier test failed"));

afterEach(({ task }) => {
  failed ||= task.result?.state === "fail";
});
