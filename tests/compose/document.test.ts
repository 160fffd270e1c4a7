import { describe, expect, test } from "vitest";
import { composePage, documentedKeys } from "../../components/compose/keys/document";
import { specification } from "./specification";

const known = new Map(documentedKeys().map(({ path, rule }) => [path, rule]));

/** Keys inside of one that is refused or ignored as a whole need no rule of their own. */
function covered(path: string): boolean {
  if (known.has(path)) return true;
  const above = path.split(".").slice(0, -1).join(".").replace(/\.\*$/, "");
  if (above === "") return false;
  const rule = known.get(above);
  if (rule === undefined) return covered(above);
  return rule.verdict === "refused" || rule.verdict === "ignored";
}

describe("the page of keys", () => {
  // `external: { name }` is the old form of `external: true` with `name`, and is written out before.
  const keys = specification.filter((path) => !path.endsWith("external.name"));

  test("the list is that of the specification", () => {
    expect(keys.length).toBeGreaterThan(330);
    expect(keys).toContain("services.*.depends_on.*.condition");
  });

  test("every key of the specification has a rule", () => {
    expect(keys.filter((path) => !covered(path))).toEqual([]);
  });

  test("no key has a rule that the specification does not have", () => {
    // Of older versions, which Docker still names in its messages, and of Docker's own schema.
    const older = [
      "services.*.volume_driver",
      "services.*.cgroupns_mode",
      "services.*.build.no_cache_filter",
    ];
    const others = [...known.keys()].filter((path) => !keys.includes(path));
    const ours = /^services\.\*\.x-route\b/;
    expect(others.filter((path) => !ours.test(path))).toEqual(
      older.filter((path) => !keys.includes(path)).reverse(),
    );
  });

  test("what is refused says what Docker does and what to write instead", () => {
    const silent = [...known].filter(
      ([, { verdict, docker = "", instead = "" }]) =>
        verdict === "refused" && (docker === "" || instead === ""),
    );
    expect(silent).toEqual([]);
  });

  test("each key is on the page", () => {
    const page = composePage();
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows).toHaveLength(known.size);
    expect(page).toContain("| `ports.*.host_ip` | **refused** | swarm publishes on every address");
  });
});
