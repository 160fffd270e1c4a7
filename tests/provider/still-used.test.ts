import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ownerLabels } from "../../components/model/ownership";
import type { KindContext } from "../../components/provider/context";
import { networkKind } from "../../components/provider/network/kind";
import { volumeKind } from "../../components/provider/volume";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const urn = "urn:pulumi:dev::yard::swarm:index:Network::main";

function used(): never {
  throw Object.assign(new Error("it is in use"), { statusCode: 409 });
}

/** A Docker engine that removes nothing, because something uses it. */
function contextOf(services: readonly object[], tasks: readonly object[] = []): KindContext {
  const docker = {
    tasks: {
      list: async (asked: { readonly runtime?: readonly string[] }) =>
        asked.runtime?.includes("attachment") ? tasks : [],
    },
    nodes: { list: async () => [{ ID: "n-a", Description: { Hostname: "a" } }] },
    networks: { remove: async () => used() },
    volumes: { remove: async () => used() },
    services: { list: async () => services },
    containers: { list: async () => [], inspect: async () => ({ Name: "/debug" }) },
  };
  return {
    urn,
    signal: new AbortController().signal,
    log: () => undefined,
    manager: async () => docker,
    node: async () => docker,
    nodes: ["a"],
  } as unknown as KindContext;
}

async function refusalOf(removal: Promise<void>): Promise<string> {
  const refusal = removal.then(
    () => "removed",
    (error: Error) => error.message,
  );
  await vi.runAllTimersAsync();
  return await refusal;
}

const service = (name: string, labels: object) => ({
  Spec: { Name: name, Labels: labels, TaskTemplate: { Networks: [{ Target: "n1" }] } },
});

const network = {
  name: "main",
  driver: "overlay",
  attachable: false,
  internal: false,
  encrypted: false,
  options: {},
  labels: {},
};

const volume = {
  node: "a",
  name: "data",
  driver: "local",
  driverOptions: {},
  labels: {},
  onDelete: "remove",
} as const;

test("a network that services of the stack keep using names them, and what to do", async () => {
  const context = contextOf([service("demo_api", ownerLabels(urn)), { Spec: { Name: "other" } }]);
  const old = { id: "n1", inputs: network, state: {} };
  const refusal = await refusalOf(networkKind.delete(old, context));
  expect(refusal).toContain("the network main is still there after 60 s: it is in use; ");
  expect(refusal).toContain("use it: demo_api. Remove it from their networks, run up");
});

test("a network of an imported service goes when that service is gone", async () => {
  const services = [service("handmade", {})];
  const context = contextOf(services);
  const docker = await context.manager();
  let tries = 0;
  const remove = async () => {
    tries += 1;
    if (tries === 3) services.pop();
    const statusCode = services.length === 0 ? 404 : 409;
    throw Object.assign(new Error("in use or gone"), { statusCode });
  };
  const going: KindContext = {
    ...context,
    manager: async () => Object.assign(docker, { networks: { ...docker.networks, remove } }),
  };
  const old = { id: "n1", inputs: network, state: {} };
  expect(await refusalOf(networkKind.delete(old, going))).toBe("removed");
  expect(tries).toBe(3);
});

test("a network that another's service uses is not waited for beyond ten seconds", async () => {
  const old = { id: "n1", inputs: network, state: {} };
  const theirs = service("theirs", {});
  const ContainerSpec = { Labels: { "blue.agent": "default.a" } };
  const labelled = {
    Spec: { ...theirs.Spec, TaskTemplate: { ...theirs.Spec.TaskTemplate, ContainerSpec } },
  };
  const refusal = await refusalOf(networkKind.delete(old, contextOf([labelled])));
  expect(refusal).toContain("services outside this stack: theirs");
  expect(refusal).toContain("container labels blue.agent=default.a");
});

describe("a container that belongs to no service and holds a network", () => {
  const attached = (target: string) => ({
    ...{ ID: "t1", NodeID: "n-a", DesiredState: "running" },
    Spec: {
      NetworkAttachmentSpec: { ContainerID: "0123456789abcdef" },
      Networks: [{ Target: target }],
    },
  });
  const ofService = { ...attached("n1"), ServiceID: "s1" };
  const old = { id: "n1", inputs: network, state: {} };

  test("is named with its node and the command that frees the network", async () => {
    const context = contextOf([], [attached("n1"), ofService, attached("n2")]);
    expect(await refusalOf(networkKind.delete(old, context))).toBe(
      "the network main is still there after 60 s: it is in use\n" +
        "  the container debug on a, which belongs to no service; run there: docker network disconnect --force main debug\n" +
        "  then run this again",
    );
  });

  test("is named by its id where its node does not answer", async () => {
    const context = { ...contextOf([], [attached("main")]), nodes: [] };
    const refusal = await refusalOf(networkKind.delete(old, context));
    expect(refusal).toContain("the container 0123456789ab on a, which belongs to no service");
  });

  test("is waited for, and the removal goes on once it is gone", async () => {
    const tasks = [attached("n1")];
    const said: string[] = [];
    const context = contextOf([], tasks);
    const docker = await context.manager();
    const remove = async () => {
      throw Object.assign(new Error("in use or gone"), {
        statusCode: tasks.length === 0 ? 404 : 409,
      });
    };
    const waiting = {
      ...context,
      log: (text: string) => said.push(text),
      manager: async () => ({ ...docker, networks: { remove } }),
    } as unknown as KindContext;
    setTimeout(() => tasks.pop(), 5_000);
    expect(await refusalOf(networkKind.delete(old, waiting))).toBe("removed");
    expect(said[0]).toBe(
      "waiting for the container debug on a, which belongs to no service (docker network disconnect --force main debug) to end",
    );
  });
});

test("a mounted volume is not removed, and the error says what to do", async () => {
  const refusal = await refusalOf(
    volumeKind.delete({ id: "a/data", inputs: volume, state: {} }, contextOf([])),
  );
  expect(refusal).toContain("the volume data on a is still used after 30 s: it is in use; ");
  expect(refusal).toContain("Remove it from the mounts of its services, run up");
});

test("ended tasks of a service do not keep a volume", async () => {
  const ended = ["t1", "t2"];
  const asked: unknown[] = [];
  const docker = {
    volumes: { remove: async () => (ended.length > 0 ? used() : undefined) },
    containers: {
      list: async (filters: unknown) => {
        asked.push(filters);
        return ended.map((Id) => ({ Id }));
      },
      remove: async (id: string) => ended.splice(ended.indexOf(id), 1),
    },
  };
  const context = { ...contextOf([]), node: async () => docker } as unknown as KindContext;
  expect(
    await refusalOf(volumeKind.delete({ id: "a/data", inputs: volume, state: {} }, context)),
  ).toBe("removed");
  expect(asked).toEqual([
    {
      volume: ["data"],
      status: ["exited", "dead"],
      label: ["com.docker.swarm.task.id"],
    },
  ]);
});
