import { describe, expect, test } from "vitest";
import { commentOf, failureOf, markerOf } from "../../../tools/ci/comment";

const step = (op: string, type: string, name: string, more: object = {}) => ({
  op,
  urn: `urn:pulumi:dev::swarmyard::swarm:swarm:Swarm$${type}::${name}`,
  ...more,
});

describe("the comment on a pull request", () => {
  test("names what would change, and no value", () => {
    const body = commentOf(
      "dev",
      {
        steps: [
          step("same", "swarm:index:Node", "db-0"),
          step("update", "swarm:index:Service", "demo-agent", {
            detailedDiff: { replicas: { kind: "update" }, "labels.a": {} },
            newState: { inputs: { replicas: 3, env: { PASSWORD: "hush" } } },
          }),
          step("create", "aws:ec2/instance:Instance", "vm|1", { diffReasons: null }),
        ],
        changeSummary: { same: 40, update: 1, create: 1 },
      },
      "0123456789abcdef",
    );
    expect(body.split("\n")).toEqual([
      "<!-- swarmyard preview dev -->",
      "### `dev`: 1 to update, 1 to create",
      "",
      "| | type | name | fields |",
      "| --- | --- | --- | --- |",
      "| update | swarm:index:Service | demo-agent | `replicas` `labels.a` |",
      "| create | aws:ec2/instance:Instance | vm\\|1 |  |",
      "",
      "Preview of 0123456789ab. Merging applies it.",
    ]);
    expect(body).not.toContain("hush");
  });

  test("says when nothing would change", () => {
    const body = commentOf(
      "dev",
      { steps: [step("same", "a", "b")], changeSummary: { same: 1 } },
      "c",
    );
    expect(body).toContain("### `dev`: nothing would change");
    expect(body).not.toContain("| --- |");
  });

  test("stays within GitHub's limits", () => {
    const steps = Array.from({ length: 900 }, (_, n) => step("create", "t", "n".repeat(60) + n));
    const body = commentOf("dev", { steps, changeSummary: { create: 900 } }, "c");
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain("… and 700 more.");
  });

  test("omits lines when there are too many fields", () => {
    const detailedDiff = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`containers.${n}.labels`, {}]),
    );
    const steps = Array.from({ length: 90 }, (_, n) =>
      step("update", "t", `n${n}`, { detailedDiff }),
    );
    const body = commentOf("dev", { steps, changeSummary: { update: 90 } }, undefined);
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/… and \d+ more\.\n\nPreview of a working tree\. Merging applies it\.$/);
  });

  test("says why a preview failed, and its text cannot end the block", () => {
    const body = failureOf("dev", "1. swarmyard:hosts\n```\nand more", "c");
    expect(body.startsWith(markerOf("dev"))).toBe(true);
    expect(body.match(/```/g)).toHaveLength(2);
    expect(body).toContain("1. swarmyard:hosts");
  });
});
