import { describe, expect, test } from "vitest";
import { hintsFor, isSlowRemoval, standInHints } from "../../tools/report/hints";

describe("a port of this machine that is in use", () => {
  const docker =
    "Error starting userland proxy: listen tcp4 127.0.0.1:18080: bind: address already in use";

  test("is reported once, with the command that shows the user of the port, and the setting", () => {
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

test("a subnet in use on this machine is reported with the command that shows its user", () => {
  const docker = "Unable to create network: Pool overlaps with other one on this address space";
  const [hint, ...others] = hintsFor(`${docker}\n${docker}`, "dev");
  expect(others).toEqual([]);
  expect(hint).toContain("docker network inspect");
  expect(hint).toMatch(/local: \{ subnet: .*npm run up -- -s dev$/);
});

test("join tokens that were rotated are read again by a refresh", () => {
  const said =
    'could not join the swarm of [10.64.1.1]: {"message":"rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster"}';
  expect(hintsFor(said, "dev")).toEqual([
    "The join tokens were rotated since Pulumi last read them. To read them and go on: npm run up -- -s dev --refresh",
  ]);
  expect(hintsFor(said, "local")[0]).toMatch(/: npm run up -- --refresh$/);
  expect(hintsFor("could not join the swarm of [10.64.1.1]: strange", "dev")).toEqual([]);
});

describe("a machine that cannot join", () => {
  test.each([
    [
      "error while validating Root CA Certificate: x509: certificate has expired or is not yet valid",
      /^The clocks of two machines differ, .*90 days.*`date -u`.*docker swarm leave --force/,
    ],
    [
      "rpc error: code = DeadlineExceeded desc = could not connect to prospective new cluster member using its advertised address",
      /^A manager could not reach the new one .*2377\/tcp.*`advertise`/,
    ],
    ["no route to host", /^The machine does not reach a manager\. Open 2377\/tcp, 7946\/tcp/],
  ])("%s", (said, hint) => {
    const [first, ...others] = hintsFor(`could not join the swarm of [10.64.1.1]: ${said}`, "dev");
    expect(others).toEqual([]);
    expect(first).toMatch(hint);
    expect(first).toMatch(/\nThen run: npm run up -- -s dev$/);
  });

  test("has no hint when something else fails like this", () => {
    expect(hintsFor("dial tcp 10.0.0.1:443: i/o timeout", "dev")).toEqual([]);
  });
});

const ec2 =
  "request a higher quota (`aws service-quotas list-service-quotas --service-code ec2` shows them)";

describe("what AWS rejects when asked about one thing", () => {
  test.each([
    [
      "VcpuLimitExceeded",
      `Your account's quota does not allow that many vCPUs of this kind: ${ec2}, or take fewer or smaller machines (\`count\`, \`instanceType\`).`,
    ],
    [
      "MaxSpotInstanceCountExceeded",
      `Your account's quota does not allow that many Spot machines: ${ec2}, or take \`spot: false\`.`,
    ],
    [
      "AddressLimitExceeded",
      `Your account has no Elastic IP address left, and each manager needs one: ${ec2}, or reach machines privately with \`reach: private\` at swarmyard:aws.`,
    ],
    [
      "InsufficientInstanceCapacity",
      "AWS currently has no such machine in that zone: try again later, or set another `zones` or `instanceType` for the group.",
    ],
  ])("%s is reported in one line with a fix", (code, hint) => {
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

test("images that cannot be pulled point to the small ones", () => {
  const said = "web.1: failed 3 times: the image redis:7 cannot be pulled (No such image)";
  expect(standInHints(said, "blue")).toEqual([
    "Where no image registry can be reached, blue also runs with small images that are built here: npm run up -- -s blue --stand-ins",
  ]);
  expect(standInHints("its program ended with exit code 1", "blue")).toEqual([]);
});

test("a run goes on after a volume that was slow to go", () => {
  const said =
    "deleting yard-local-db-0-data: 1 error occurred: * timeout while waiting for state to become 'removed' (timeout: 30s)";
  expect(isSlowRemoval(said)).toBe(true);
  expect(hintsFor(said, "dev")).toEqual([
    "This machine took more than a minute to remove a volume. To go on, run: npm run up -- -s dev",
  ]);
  expect(isSlowRemoval("volume is in use")).toBe(false);
});

test("a state that Pulumi refuses is reported with the line that puts it in order", () => {
  const said = "error: The Pulumi CLI encountered a snapshot integrity error. This is a bug!";
  expect(hintsFor(said, "dev")).toEqual([
    'The Pulumi engine wrote its state in a wrong order. To put it in order: eval "$(npm run --silent env -- -s dev)" && pulumi state repair --yes --stack dev\nThen run: npm run up -- -s dev',
  ]);
});
