import { describe, expect, test } from "vitest";
import type { LiveSwarm } from "../../../components/engine/live";
import {
  fixedOf,
  fixedProblem,
  liveSettings,
  wantedSpec,
} from "../../../components/provider/cluster/settings";

/** A spec as Docker engine 26.1 shows it. */
const spec = {
  Name: "default",
  Labels: {},
  Orchestration: { TaskHistoryRetentionLimit: 5 },
  Raft: { SnapshotInterval: 10000 },
  Dispatcher: { HeartbeatPeriod: 5000000000 },
  CAConfig: { NodeCertExpiry: 7776000000000000, ExternalCAs: [] },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: false },
};
const firstManager = "m0";

describe("the spec that a swarm gets", () => {
  test("is the one that it has, where no input names a setting", () => {
    expect(wantedSpec(spec, { firstManager })).toEqual(spec);
  });

  test("has what the inputs name, and keeps the rest", () => {
    const inputs = { firstManager, autolock: true, certificateExpiry: "720h", taskHistory: 0 };
    expect(wantedSpec(spec, inputs)).toEqual({
      ...spec,
      Orchestration: { TaskHistoryRetentionLimit: 0 },
      CAConfig: { NodeCertExpiry: 2592000000000000, ExternalCAs: [] },
      EncryptionConfig: { AutoLockManagers: true },
    });
  });

  test("goes back to Docker's default for what inputs named before", () => {
    const changed = {
      ...spec,
      Orchestration: { TaskHistoryRetentionLimit: 9 },
      CAConfig: { NodeCertExpiry: 3600000000000, ExternalCAs: [] },
      EncryptionConfig: { AutoLockManagers: true },
    };
    const before = { firstManager, autolock: true, certificateExpiry: "1h", taskHistory: 9 };
    expect(wantedSpec(changed, { firstManager }, before)).toEqual(spec);
  });
});

describe("what a refresh shows", () => {
  const live = { Spec: spec } as unknown as LiveSwarm;

  test("is what somebody changed of what the inputs name", () => {
    const inputs = {
      autolock: true,
      certificateExpiry: "1h",
      taskHistory: 7,
      rotateUnlockKey: "a",
    };
    expect(liveSettings(live, inputs)).toEqual({
      autolock: false,
      certificateExpiry: "2160h",
      taskHistory: 5,
    });
  });

  test("is nothing of what they do not name, and keeps the words of a duration", () => {
    expect(liveSettings(live, {})).toEqual({});
    expect(liveSettings(live, { certificateExpiry: "129600m" })).toEqual({
      certificateExpiry: "129600m",
    });
  });
});

describe("what a swarm was made with", () => {
  const live = { DefaultAddrPool: ["10.200.0.0/16"], SubnetSize: 24, DataPathPort: 4789 };
  const fixed = fixedOf(live as unknown as LiveSwarm);

  test("is read in the form of the inputs; an older Docker engine reports no port", () => {
    expect(fixed).toEqual({
      addressPools: ["10.200.0.0/16"],
      addressPoolMask: 24,
      dataPathPort: 4789,
    });
    const bare = { DefaultAddrPool: null, SubnetSize: 0, DataPathPort: 0 };
    expect(fixedOf(bare as unknown as LiveSwarm)).toEqual({
      addressPools: [],
      addressPoolMask: 24,
      dataPathPort: 4789,
    });
  });

  test("may be wanted, not wanted, or not known", () => {
    expect(fixedProblem(fixed, { addressPools: ["10.200.0.0/16"] })).toBeUndefined();
    expect(fixedProblem(fixed, {})).toBeUndefined();
    expect(fixedProblem(undefined, { dataPathPort: 7789 })).toBeUndefined();
  });

  test("cannot change: both values and the way are said", () => {
    const news = { addressPools: ["10.210.0.0/16", "10.220.0.0/16"], dataPathPort: 7789 };
    expect(fixedProblem(fixed, news)).toBe(
      "swarmyard:swarm.addressPools is [10.210.0.0/16, 10.220.0.0/16], but the swarm was made with [10.200.0.0/16]; " +
        "swarmyard:swarm.dataPathPort is 7789, but the swarm was made with 4789. " +
        "Docker sets this only when it makes a swarm. To keep the swarm, write the old value. " +
        "For a new swarm with the new value, run down, then up: everything on the swarm is removed and created again.",
    );
  });

  test("cannot go back to the default either", () => {
    const other = { ...fixed, addressPoolMask: 26 };
    expect(fixedProblem(other, {}, { addressPoolMask: 26 })).toContain(
      "swarmyard:swarm.addressPoolMask is 24, but the swarm was made with 26.",
    );
    expect(fixedProblem(other, {})).toBeUndefined();
  });
});
