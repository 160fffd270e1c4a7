import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { readEnvironmentFile } from "../../components/config/file/environment-file";

const root = path.resolve(__dirname, "../..");
const page = fs.readFileSync(path.join(root, "docs/aws.md"), "utf8");

interface Row {
  readonly item: string;
  readonly quantity: number;
  readonly each: number;
  readonly sum: number;
}

/** The table of an environment, without its sum. */
function costs(name: string): { readonly rows: readonly Row[]; readonly total: number } {
  const section = page.slice(page.indexOf(`### ${name}\n`)).split("\n");
  const lines = section.slice(section.findIndex((line) => line.startsWith("| ---")) + 1);
  const cells = lines
    .slice(0, lines.indexOf(""))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const rows = cells.filter(([, item]) => item !== "**sum**");
  return {
    rows: rows.map(([, item = "", quantity, each, sum]) => {
      return { item, quantity: Number(quantity), each: Number(each), sum: Number(sum) };
    }),
    total: Number(cells.find(([, item]) => item === "**sum**")?.[4]),
  };
}

describe.each(["dev", "prod"])("what %s costs", (name) => {
  const { rows, total } = costs(name);
  const { environment } = readEnvironmentFile(path.join(root, `Pulumi.${name}.yaml`));
  const hosts = (environment?.hosts ?? []).filter((host) => host.kind === "aws");

  test("is reckoned right", () => {
    expect(rows.length).toBeGreaterThan(4);
    for (const { item, quantity, each, sum } of rows) {
      expect([item, Math.abs(quantity * each - sum) < 0.0051]).toEqual([item, true]);
    }
    expect(total).toBeCloseTo(
      rows.reduce((sum, row) => sum + row.sum, 0),
      2,
    );
  });

  test("counts the machines, disks and addresses of its file", () => {
    const quantity = (item: string) => rows.find((row) => row.item === item)?.quantity;
    const machines = new Map<string, number>();
    for (const { aws } of hosts) {
      const key = `${aws.instanceType}, ${aws.spot ? "spot" : "on demand"}`;
      machines.set(key, (machines.get(key) ?? 0) + 1);
    }
    const stated = rows.filter(({ item }) => /, (spot|on demand)$/.test(item));
    expect(new Map(stated.map((row) => [row.item, row.quantity]))).toEqual(machines);
    const disks = hosts.map(({ aws }) => aws.disk);
    const over = (values: readonly number[], free: number) =>
      values.reduce((sum, value) => sum + Math.max(0, value - free), 0);
    expect(quantity("GB of gp3")).toBe(disks.reduce((sum, { size }) => sum + size, 0));
    expect(quantity("IOPS of gp3 beyond 3000") ?? 0).toBe(
      over(
        disks.map(({ iops }) => iops ?? 0),
        3000,
      ),
    );
    expect(quantity("MB/s of gp3 beyond 125") ?? 0).toBe(
      over(
        disks.map(({ throughput }) => throughput ?? 0),
        125,
      ),
    );
    expect(quantity("public IPv4 address")).toBe(hosts.length);
  });
});
