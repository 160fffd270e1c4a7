import { describe, expect, test } from "vitest";
import { asMeant, formOf, fromCompose } from "../../../components/model/fields/as-meant";
import { readChanged } from "../../config/yard";

const fixes = (web: object) =>
  readChanged({ spec: { services: { web: web as { [key: string]: unknown } } } }).problems.map(
    ({ fix }) => fix,
  );

describe("a wrong value is suggested as it is meant", () => {
  test.each([
    [{ ports: [{ target: 80, published: "8090" }] }, "`published: 8090`"],
    [{ ports: [{ target: 80, published: "90000" }] }, "`published: 8080`"],
    [{ replicas: "3" }, "`replicas: 3`"],
    [{ replicas: "three" }, "`replicas: 1`"],
    [{ command: "run it now" }, '`command: ["run", "it", "now"]`'],
    [{ command: "run 'it now'" }, '`command: ["a", "b"]`'],
    [{ healthcheck: { test: "curl -f x" } }, '`test: ["CMD-SHELL", "curl -f x"]`'],
    [{ healthcheck: "curl -f x" }, '`healthcheck: { test: ["CMD-SHELL", "curl -f x"] }`'],
    [{ env: ["A=1", "B-C=x=y"] }, '`env: { A: "1", "B-C": "x=y" }`'],
    [{ labels: ["tier: web"] }, '`labels: { tier: "web" }`'],
    [{ labels: ["tier"] }, "`labels: { <key>: <value> }`"],
    [{ mounts: ["/a:/b"] }, "`mounts: { <key>: <value> }`"],
  ])("%j", (web, fix) => {
    expect(fixes(web)).toContain(fix);
  });

  test("keys of compose files are named by ours", () => {
    expect(fixes({ environment: {} })).toContain("write `env`");
    expect(fixes({ volumes: [] })).toContain(
      "write `mounts` of the service, and `volumes` of the platform",
    );
    expect(fixes({ deploy: {} })[0]).toContain("`replicas`");
    expect(fixes({ cap_add: [] })).toContain("write `capAdd`");
    expect(fixes({ healthcheck: { test: ["NONE"], start_period: "1s" } })).toContain(
      "write `startPeriod`",
    );
    expect(fromCompose("deploy", ["a", "b"])).toBeUndefined();
    expect(fromCompose("nonsense", ["endpointMode", "mounts"])).toBeUndefined();
  });
});

test("numbers are suggested only within their limits and as whole ones", () => {
  const port = "a whole number from 0 to 65535, such as `8080`";
  expect(asMeant("1.5", port)).toBeUndefined();
  expect(asMeant("-1", port)).toBeUndefined();
  expect(asMeant("0.5", "a number from 0 to 1, such as `0.2`")).toBe("0.5");
  expect(asMeant("12", "a whole number of at least 20, such as `20`")).toBeUndefined();
  expect(asMeant(true, port)).toBeUndefined();
  expect(asMeant("x", "text")).toBeUndefined();
  expect(formOf("a map with condition, delay")).toBe("{ condition: <value> }");
  expect([formOf("a map"), formOf("a list of x"), formOf("text")]).toEqual([
    "{ <key>: <value> }",
    "[<value>]",
    "<value>",
  ]);
});

test.each([
  [60, "1m"],
  ["5", "5s"],
  ["7d", "168h"],
  ["2 weeks", "336h"],
  ["12 hours", "12h"],
  ["1.5 min", "1m30s"],
  ["30 Seconds", "30s"],
  ["0", undefined],
  ["-5", undefined],
  ["5 years", undefined],
  ["99999999999h", undefined],
  [true, undefined],
])("the duration %j is suggested as %j", (value, meant) => {
  expect(asMeant(value, "a duration such as `30s`, with a unit (ms, s, m, h)")).toBe(meant);
});

test("a large number is suggested as a size of so many bytes", () => {
  const allowed = "a size such as `512MiB`, with a unit (KiB, MiB, GiB, MB, GB)";
  expect(asMeant(268435456, allowed)).toBe("256MiB");
  expect(asMeant(512, allowed)).toBeUndefined();
  expect(asMeant("lots", allowed)).toBeUndefined();
});
