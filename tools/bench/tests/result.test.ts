import { expect, test } from "vitest";
import { bySize, type Row, ratioTo, withoutSizes } from "../result";
import { environmentFile } from "../subjects/ours";
import { renderTable, withRows } from "../table";

function row(changes: Partial<Row>): Row {
  return {
    services: 5,
    nodes: 4,
    subject: "swarmyard",
    step: "cold up",
    seconds: 30,
    cpuSeconds: 2,
    peakMegabytes: 300,
    leastReplaced: 0,
    ...changes,
  };
}

test("a ratio is to the same step of the same size", () => {
  const script = row({ subject: "script", seconds: 20 });
  const other = row({ subject: "script", seconds: 10, nodes: 8 });
  expect(ratioTo([other, script], row({}), "script")).toBe(1.5);
  expect(ratioTo([other], row({}), "script")).toBeUndefined();
  expect(ratioTo([{ ...script, problem: "x" }], row({}), "script")).toBeUndefined();
});

test("sizes that are measured again replace the existing ones", () => {
  const rows = [row({}), row({ nodes: 8 })];
  expect(withoutSizes(rows, [{ services: 5, nodes: 4 }])).toEqual([row({ nodes: 8 })]);
});

test("rows are in the order of their sizes, and within a size as they were measured", () => {
  const [big, small, script] = [row({ services: 20 }), row({}), row({ subject: "script" })];
  expect(bySize([big, row({ nodes: 8 }), small, script])).toEqual([
    small,
    script,
    row({ nodes: 8 }),
    big,
  ]);
});

test("the table shows ratios, restarts against what is needed, and failures", () => {
  const text = renderTable([
    row({ connections: 9 }),
    row({ subject: "script", seconds: 20 }),
    row({ step: "update all", replaced: 6, leastReplaced: 5 }),
    row({ step: "scale all", problem: "3 tasks run, not 10" }),
  ]);
  const lines = text.split("\n").map((line) => line.replace(/\s+/g, " "));
  expect(lines[2]).toBe("| 5 | 4 | cold up | swarmyard | 30.0 | 1.50 | 2.0 | 300 | 9 | |");
  expect(lines[3]).toContain("| script | 20.0 | 1.00 |");
  expect(lines[4]).toContain("| 6 (needs 5) |");
  expect(lines[5]).toContain("| failed: 3 tasks run, not 10 | |");
});

test("a page keeps the text above its rows", () => {
  const page = withRows("# A\n\ntext\n\n## Rows\n\nstale\n", { machine: "M", rows: [row({})] });
  expect(page).toMatch(/^# A\n\ntext\n\n## Rows\n\nM\n\n\| services/);
  expect(page).not.toContain("stale");
});

test("our environment has one manager and the other nodes as workers", () => {
  expect(environmentFile({ services: 5, nodes: 4 })).toContain("count: 3");
  expect(environmentFile({ services: 5, nodes: 1 })).not.toContain("more");
});
