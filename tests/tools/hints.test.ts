import { describe, expect, test } from "vitest";
import { hintsFor } from "../../tools/report/hints";

describe("a port of this machine that is taken", () => {
  const docker =
    "Error starting userland proxy: listen tcp4 127.0.0.1:18080: bind: address already in use";

  test("is told once, with the command that shows by what, and what to set", () => {
    const hints = hintsFor(`${docker}: provider=docker\n ${docker}`, "dev");
    expect(hints).toHaveLength(1);
    expect(hints[0]).toContain("Port 18080 of this machine is in use by another program");
    expect(hints[0]).toContain("ss -ltnp 'sport = :18080'");
    expect(hints[0]).toContain("portOffset");
    expect(hints[0]).toMatch(/npm run up -- -s dev$/);
  });

  test("is found in Docker's other words too, and nothing in a node's own port", () => {
    const other = "Bind for 127.0.0.1:20001 failed: port is already allocated";
    expect(hintsFor(other, "local")[0]).toMatch(/Port 20001 .*\n.*npm run up$/);
    expect(hintsFor("listen tcp4 0.0.0.0:22: bind: address already in use", "local")).toEqual([]);
  });
});

test("a subnet of this machine that is taken is told with the command that shows by what", () => {
  const docker = "Unable to create network: Pool overlaps with other one on this address space";
  const [hint, ...others] = hintsFor(`${docker}\n${docker}`, "dev");
  expect(others).toEqual([]);
  expect(hint).toContain("docker network inspect");
  expect(hint).toMatch(/local: \{ subnet: .*npm run up -- -s dev$/);
});

const ec2 =
  "ask for a higher quota (`aws service-quotas list-service-quotas --service-code ec2` shows them)";

describe("what AWS refuses when it is asked for the thing itself", () => {
  test.each([
    [
      "VcpuLimitExceeded",
      `Your account may not run so many vCPUs of a kind at once: ${ec2}, or take fewer or smaller machines (\`count\`, \`instanceType\`).`,
    ],
    [
      "MaxSpotInstanceCountExceeded",
      `Your account may not run so many spot machines at once: ${ec2}, or take \`spot: false\`.`,
    ],
    [
      "AddressLimitExceeded",
      `Your account has no fixed public address left, and each manager has one: ${ec2}, or reach machines privately with \`reach: private\` at swarmyard:aws.`,
    ],
    [
      "InsufficientInstanceCapacity",
      "AWS has no such machine left in that zone now: try again later, or name another `zones` or `instanceType` for the group.",
    ],
  ])("%s is told in one line with what to type", (code, hint) => {
    const said = `api error ${code}: You have requested more ... `;
    expect(hintsFor(`${said}\n${said}`, "dev")).toEqual([hint]);
  });

  test.each(["VpcLimitExceeded", "FileSystemAlreadyExists", "MountTargetConflict"])(
    "%s has one too",
    (code) => {
      expect(hintsFor(`api error ${code}: no`, "dev")).toHaveLength(1);
    },
  );
});

test("a change that protection stops says which setting to change first", () => {
  const said =
    'unable to delete resource "urn:x" as it is currently marked for protection. To unprotect …';
  expect(hintsFor(said, "prod")).toEqual([
    "prod is protected: nothing that holds data is deleted or replaced. If you mean it, set swarmyard:protected to false in Pulumi.prod.yaml, run npm run up -- -s prod, and then make this change.",
  ]);
});
