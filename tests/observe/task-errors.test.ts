import { describe, expect, test } from "vitest";
import type { LiveTask } from "../../components/engine/live";
import { placementRemedies } from "../../components/observe/placing";
import { describeContainer } from "../../components/observe/post-mortem";
import { tell } from "../../components/observe/report";
import { endingOf } from "../../components/observe/task-errors";

const failed = (Err: string, ExitCode = 0): LiveTask => ({
  ID: "t",
  Status: { State: "failed", Err, ContainerStatus: { ExitCode } },
});

describe("what a Docker engine says", () => {
  test.each([
    ["task: non-zero exit (3)", "its program ended with exit code 3", undefined],
    [
      "task: non-zero exit (127)",
      "its program cannot be started (exit code 127)",
      "correct `command`",
    ],
    [
      "task: non-zero exit (143): dockerexec: unhealthy container",
      "its health check failed, so swarm stopped it",
      "`healthcheck`",
    ],
    [
      "No such image: reg:5000/a:1",
      "the image reg:5000/a:1 cannot be pulled (No such image)",
      "correct `image`",
    ],
    [
      'invalid mount config for type "bind": bind source path does not exist: /not/there',
      "/not/there, which the service mounts, does not exist on the node",
      "create /not/there on every node",
    ],
    [
      "starting container failed: driver failed: Error starting userland proxy: listen tcp4 0.0.0.0:22: bind: address already in use",
      "port 22/tcp of the node is in use by something outside swarm (listen tcp4 0.0.0.0:22: bind: address already in use)",
      "publish another port",
    ],
    [
      'starting container failed: runc create failed: exec: "nope": executable file not found in $PATH: unknown',
      'its program cannot be started: "nope": executable file not found in $PATH',
      "correct `command`",
    ],
  ])("%s", (said, text, remedy) => {
    const ending = endingOf(failed(said));
    expect(ending.text).toBe(text);
    if (remedy === undefined) expect(ending.remedy).toBeUndefined();
    else expect(ending.remedy).toContain(remedy);
  });

  test.each([
    'starting container failed: OCI runtime create failed: rootfs_linux.go:76: mounting "/var/lib/docker/x" to rootfs at "/data/below" caused: mkdir /var/lib/docker/overlay2/x/merged/data/below: read-only file system: unknown',
    'starting container failed: runc create failed: error mounting "tmpfs" to rootfs at "/data/below": create mountpoint for /data/below mount: mkdirat /x/merged/data/below: read-only file system: unknown',
    "starting container failed: runc create failed: create mountpoint for /data/below mount: mkdirat below: read-only file system: unknown",
  ])("names a path and the read-only mount above it: %s", (said) => {
    const Mounts = [
      { Type: "bind", Target: "/", ReadOnly: true },
      { Type: "bind", Target: "/data", ReadOnly: true },
      { Type: "tmpfs", Target: "/data/below" },
    ];
    const ending = endingOf({ ...failed(said), Spec: { ContainerSpec: { Mounts } } });
    expect(ending).toMatchObject({
      text: "/data/below cannot be made in the container, because /data is read-only",
      final: "on this node",
    });
    expect(endingOf(failed(said)).text).toContain("because what is mounted above it is read-only");
  });

  test("is kept where it is not known, with the exit code", () => {
    expect(endingOf(failed("strange", 9)).text).toBe("strange (exit code 9)");
    expect(endingOf({ ID: "t" }).text).toBe("no reason given");
  });
});

describe("a dead container", () => {
  const limited: LiveTask = {
    ...failed("x"),
    Spec: { Resources: { Limits: { MemoryBytes: 32 * 2 ** 20 } } },
  };

  test("reports that it ran out of memory, and its limit", () => {
    const found = describeContainer({ State: { OOMKilled: true } }, limited);
    expect(found.lines).toEqual(["it ran out of memory: its limit is 32 MiB"]);
    expect(found.remedies[0]).toContain("resources.limits.memory");
    expect(describeContainer({ State: { OOMKilled: true } }, failed("x")).lines).toEqual([
      "it ran out of memory: the node had no more",
    ]);
  });

  test("reports the last output of its health check, and nothing when it succeeded", () => {
    const log = (ExitCode: number) => ({
      State: { Health: { Log: [{ ExitCode, Output: "no database\n" }] } },
    });
    expect(describeContainer(log(1), limited).lines).toEqual([
      "its health check ended with exit code 1:",
      "  no database",
    ]);
    expect(describeContainer(log(0), limited).lines).toEqual([]);
    expect(describeContainer({}, limited).lines).toEqual([]);
  });
});

test("what swarm says about nodes leads to one fix each", () => {
  const said =
    "no suitable node (insufficient resources on 2 nodes; unsupported platform on 1 node)";
  expect(placementRemedies(said)).toHaveLength(2);
  expect(placementRemedies("no suitable node (something new)")).toEqual([]);
});

test("a problem is reported in lines that belong together", () => {
  const about = { reasons: ["a.1: failed"], log: [], remedies: ["fix it"], more: "logs a" };
  expect(tell("service a:", about)).toBe("service a:\n  a.1: failed\n  what to do: fix it");
});
