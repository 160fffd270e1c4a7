import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callsPrefix } from "./lab/rights";
import { recordFile } from "./operator-policy";

const files = ["labdev", "labprod", "prod"].map((stack) =>
  join(tmpdir(), `${callsPrefix}${stack}.json`),
);
const whole = files.every((file) => existsSync(file));

// That the policy of docs/ allows these and no others is a test without a laboratory.
test("the laboratories saw the calls that are written down, and no others", (context) => {
  context.skip(!whole, "not all files of tests/aws ran in this run");
  const seen = files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as string[]);
  const found = `${[...new Set(seen)].sort().join("\n")}\n`;
  if (process.env.SWARMYARD_WRITE_GOLDEN !== undefined) writeFileSync(recordFile, found);
  expect(found).toBe(readFileSync(recordFile, "utf8"));
});
