import { expect, test, vi } from "vitest";
import type { PlainShareSettings } from "../../components/config/environment/environment";
import { createShare } from "../../components/share";
import { DirectoryShare } from "../../components/share/directory";
import { localEnvironment } from "../local-environment";
import { Recorder, resolved } from "../recorder";

const VOLUME = "docker:index/volume:Volume";

test("a directory share is one volume of this machine, kept or deleted as the file says", async () => {
  const recorder = new Recorder({ stack: "one" });
  const make = (name: string, stack: string, settings: PlainShareSettings) =>
    new DirectoryShare(name, { environment: { name: stack }, settings }, recorder.opts);
  const share = make("a", "one", { kind: "directory", path: "/mnt/share", data: "delete" });
  const other = make("b", "two", { kind: "directory", path: "/data", data: "keep" });
  await recorder.settle();

  expect(recorder.list()).toEqual([
    `${VOLUME} a-volume`,
    `${VOLUME} b-volume`,
    "swarm:share:Directory a",
    "swarm:share:Directory b",
  ]);
  expect(recorder.inputs(VOLUME, "a-volume")).toEqual({
    name: "swarmyard-one-share",
    driver: "local",
    labels: [
      { label: "swarmyard.kind", value: "share" },
      { label: "swarmyard.stack", value: "swarmyard/one" },
    ],
  });
  expect(recorder.declaration(VOLUME, "a-volume").opts.retainOnDelete).toBe(false);
  expect(recorder.declaration(VOLUME, "b-volume").opts.retainOnDelete).toBe(true);
  expect([share.mount.target, await resolved(share.mount.volume)]).toEqual([
    "/mnt/share",
    "swarmyard-one-share",
  ]);
  expect(other.path).toBe("/data");
});

test("its volume carries the id of the state folder, and one from before keeps its labels", async () => {
  vi.stubEnv("SWARMYARD_STATE_ID", "0123456789abcdef");
  const recorder = new Recorder({ stack: "one" });
  const settings = { kind: "directory", path: "/mnt/share", data: "keep" } as const;
  new DirectoryShare("a", { environment: { name: "one" }, settings }, recorder.opts);
  await recorder.settle();
  vi.unstubAllEnvs();
  expect(recorder.inputs(VOLUME, "a-volume").labels).toContainEqual({
    label: "swarmyard.state",
    value: "0123456789abcdef",
  });
  expect(recorder.declaration(VOLUME, "a-volume").opts.ignoreChanges).toEqual(["labels"]);
});

test("no share is created for none, and one that needs other hosts is rejected in one sentence", async () => {
  const folder = { path: "/mnt/share", data: "delete" } as const;
  const none = localEnvironment("one", { share: { kind: "none" } });
  expect(await createShare(none, { network: {} })).toBeUndefined();
  const efs = localEnvironment("one", { share: { kind: "efs", ...folder } });
  await expect(createShare(efs, { network: {} })).rejects.toThrow(
    'A share of kind efs cannot be created here: set swarmyard:share.kind to "directory", "efs" (with hosts on AWS), "existing" (with existing machines), "nfs" or "none".',
  );
  const existing = localEnvironment("one", { share: { kind: "existing", ...folder } });
  await expect(createShare(existing, { network: {} })).rejects.toThrow("cannot be created here");
});
