import { createServer, type Server, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { LiveTask } from "../../../components/engine/live";
import { connect } from "../../../components/engine/transport";
import type { NodeDescription } from "../../../components/model/placement/constraints";
import type { LiveService } from "../../../components/model/service/wire";
import { knock, portsToAnswer } from "../../../components/observe/answers/published";
import { isTraefik, routedPorts } from "../../../components/observe/answers/routed";
import { awaitAnswers, awaitListening } from "../../../components/observe/answers/unanswered";
import type { ObserveContext } from "../../../components/observe/context";
import { judgeAll } from "../../../components/observe/converge";
import { deadAddresses } from "../../../components/observe/kernel";
import type { SwarmView } from "../../../components/observe/swarm";
import { engineOf, startHost } from "../../engine/ssh-host";

const template = { ContainerSpec: { Image: "app:1" }, Networks: [{ Target: "net" }] };
const node = (id: string, hostname: string, state = "ready"): NodeDescription => ({
  ...{ id, hostname, state, role: "worker", labels: {}, engineLabels: {} },
  address: `10.0.0.${id}`,
});
const nodes = [node("1", "a"), node("2", "b"), node("3", "c"), node("4", "d", "down")];

interface Port {
  readonly PublishedPort?: number;
  readonly TargetPort: number;
  readonly PublishMode?: string;
  readonly Protocol?: string;
}

function service(name: string, Ports: readonly Port[], Mode = "vip", more = {}): LiveService {
  const Spec = {
    ...{ Name: name, TaskTemplate: template, Mode: { Replicated: { Replicas: 1 } } },
    EndpointSpec: { Mode, Ports },
  };
  return { ID: name, Version: { Index: 1 }, Spec, ...more };
}

function task(ServiceID: string, NodeID: string, State = "running"): LiveTask {
  const Status = { State, ContainerStatus: { ContainerID: `${ServiceID}-container` } };
  return { ...{ ID: `t-${ServiceID}`, ServiceID, NodeID, Slot: 1, Status }, ...rest };
}
const rest = { DesiredState: "running", Spec: template };

function seen(services: readonly LiveService[], tasks: readonly LiveTask[]) {
  const view: SwarmView = {
    ...{ tasks, nodes },
    services: new Map(services.map((one) => [one.Spec.Name ?? "", one])),
  };
  return { view, verdicts: judgeAll([...view.services.keys()], view, 0) };
}

const http = { TargetPort: 80, PublishedPort: 8080, Protocol: "tcp", PublishMode: "ingress" };
const onHost = { ...http, PublishMode: "host" };

describe("ports that must answer", () => {
  const ask = (services: LiveService[], tasks: LiveTask[], quiet: number[] = []) => {
    const { view, verdicts } = seen(services, tasks);
    return portsToAnswer(view, verdicts, quiet).map(
      ({ service: name, published, nodes: asked }) => [
        name,
        published,
        asked.map(({ hostname }) => hostname).join(),
      ],
    );
  };

  test("of mode ingress answer on every node, those with a task first; of mode host where tasks are", () => {
    expect(ask([service("web", [http])], [task("web", "2")])).toEqual([["web", 8080, "b,a,c"]]);
    expect(ask([service("web", [onHost])], [task("web", "2")])).toEqual([["web", 8080, "b"]]);
  });

  test("are TCP, published, not quiet, and of services whose tasks run", () => {
    const udp = { ...http, Protocol: "udp" };
    const inside = { TargetPort: 80 };
    expect(ask([service("web", [udp, inside])], [task("web", "1")])).toEqual([]);
    expect(ask([service("web", [http])], [task("web", "1")], [8080])).toEqual([]);
    expect(ask([service("web", [http])], [task("web", "1", "starting")])).toEqual([]);
    const none = { ...service("web", [http]).Spec, Mode: { Replicated: { Replicas: 0 } } };
    expect(ask([service("web", [], "vip", { Spec: none })], [])).toEqual([]);
  });
});

const servers: { stop(): void }[] = [];
afterEach(() => {
  for (const one of servers.splice(0)) one.stop();
  vi.useRealTimers();
});

/** Starts a server on this machine that does this with each connection. @returns its port */
async function serving(act: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(act);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push({ stop: () => server.close() });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("a connection that a host opens over SSH", () => {
  async function knockAt(port: number): Promise<string | undefined> {
    const host = await startHost("a", engineOf("a", {}));
    const transport = connect([host.endpoint]);
    servers.push(host, { stop: () => transport.close() });
    return await knock(() => transport.dial("a", "127.0.0.1", port));
  }

  test("stays open where a program listens, whether it speaks first or not", async () => {
    expect(await knockAt(await serving((socket) => socket.on("error", () => {})))).toBeUndefined();
    expect(await knockAt(await serving((socket) => socket.end("hello\n")))).toBeUndefined();
  });

  test("ends at once where a forwarder has no program behind it", async () => {
    const port = await serving((socket) => socket.destroy());
    expect(await knockAt(port)).toBe("it closes connections at once");
  });

  test("is refused where nothing listens", async () => {
    const port = await serving(() => {});
    for (const one of servers.splice(0)) one.stop();
    expect(await knockAt(port)).toBe("it refuses connections");
  });

  test("is beside commands that run there", async () => {
    const host = await startHost("a", engineOf("a", {}));
    const transport = connect([host.endpoint]);
    servers.push(host, { stop: () => transport.close() });
    expect(await transport.run("a", "uname -r")).toBe("ran uname -r");
    await expect(transport.run("a", "false")).rejects.toThrow("no such luck");
    await expect(transport.run("b", "uname")).rejects.toThrow("no host b");
  });

  test("says nothing about the port where sshd forwards nothing", async () => {
    const forbidden = async () => {
      throw new Error("(SSH) Channel open failure: administratively prohibited");
    };
    expect(await knock(forbidden)).toBeUndefined();
  });
});

const refused = async () => Promise.reject(new Error("Connection refused"));

/** A context whose nodes answer as `dial` does and say these things about themselves. */
function context(
  dial: ObserveContext["dial"],
  said: { readonly ipvs?: string; readonly sockets?: string } = {},
): ObserveContext {
  return {
    ...{
      stack: "dev",
      signal: new AbortController().signal,
      log: () => {},
      nodes: ["a", "b", "c"],
    },
    dial,
    run: async (_host: string, command: string) =>
      (command.includes("ip_vs") ? said.ipvs : said.sockets) ?? "",
    node: async () => ({ containers: { inspect: async () => ({ Id: "c", State: { Pid: 7 } }) } }),
  } as unknown as ObserveContext;
}

const listens = (hex: string) => `  0: 00000000:${hex} 00000000:0000 0A 0 0 0`;

describe("a published port that does not answer", () => {
  const ports = (mode: Port) => {
    const { view, verdicts } = seen([service("web", [mode])], [task("web", "2")]);
    return portsToAnswer(view, verdicts);
  };
  const problem = async (mode: Port, said: object) =>
    (await awaitAnswers(ports(mode), 0, context(refused, said)))[0]?.problem.split("\n");

  test("in mode ingress on a kernel without IP_VS says so", async () => {
    expect(await problem(http, { ipvs: "no\n", sockets: listens("0050") })).toEqual([
      "service web runs, but its published port 8080 does not answer:",
      "  b:8080: it refuses connections",
      "  a:8080: it refuses connections",
      "  c:8080: it refuses connections",
      "  the kernel of b, a, c has no IP_VS, which mode ingress needs",
      expect.stringContaining("what to do: `mode: host` for the port"),
    ]);
  });

  test("says what the program listens on instead", async () => {
    expect(await problem(onHost, { sockets: listens("0BB8") })).toEqual([
      "service web runs, but its published port 8080 does not answer:",
      "  b:8080: it refuses connections",
      "  its program listens on 3000, not on 80",
      "  what to do: `target: 3000`, or let the program listen on 80",
    ]);
  });

  test("leaves a firewall when the program listens", async () => {
    expect(await problem(http, { ipvs: "yes\n", sockets: listens("0050") })).toContain(
      "  what to do: look for a firewall on these nodes, and at the log of their Docker engines",
    );
  });

  test("is waited for while it may still come, and no longer than needed where it cannot", async () => {
    vi.useFakeTimers();
    const wait = async (said: object, timeoutMs: number) => {
      const start = Date.now();
      const waiting = awaitAnswers(ports(onHost), timeoutMs, context(refused, said));
      await vi.runAllTimersAsync();
      expect(await waiting).toHaveLength(1);
      return Math.round((Date.now() - start) / 1000);
    };
    expect(await wait({ sockets: listens("0BB8") }, 300_000)).toBe(10);
    expect(await wait({ sockets: "" }, 60_000)).toBe(60);
    let tries = 0;
    const late: ObserveContext["dial"] = async () => {
      tries += 1;
      return tries < 4 ? await refused() : new PassThrough();
    };
    const waiting = awaitAnswers(ports(onHost), 60_000, context(late));
    await vi.runAllTimersAsync();
    expect(await waiting).toEqual([]);
    expect(tries).toBe(4);
  });
});

describe("a port that Traefik passes requests on to", () => {
  const port = (name: string) => `traefik.http.services.${name}.loadbalancer.server.port`;
  const labelled = (labels: { readonly [name: string]: string }) => {
    const one = service("web", []);
    const { view, verdicts } = seen(
      [{ ...one, Spec: { ...one.Spec, Labels: labels } }],
      [task("web", "2")],
    );
    return (quiet: readonly number[] = []) => routedPorts(view, verdicts, quiet);
  };

  test("is that of the service's labels", () => {
    const targets = (labels: { readonly [name: string]: string }, quiet: readonly number[] = []) =>
      labelled(labels)(quiet).map(({ target }) => target);
    expect(targets({ "traefik.enable": "true", [port("web")]: "8000" })).toEqual([8000]);
    expect(targets({ [port("a")]: "8000", [port("b")]: "9000", [port("c")]: "8000" })).toEqual([
      8000, 9000,
    ]);
    expect(targets({ "traefik.tcp.services.db.loadbalancer.server.port": "5432" })).toEqual([5432]);
    expect(targets({ [port("web")]: "8000" }, [8000])).toEqual([]);
    expect(targets({ "traefik.enable": "false", [port("web")]: "8000" })).toEqual([]);
    expect(targets({ [port("web")]: "{{.Port}}", "shop.port": "8000" })).toEqual([]);
  });

  test("must be one on which a program of the service listens", async () => {
    const ports = labelled({ [port("web")]: "8000" })();
    const wait = (sockets: string) => awaitListening(ports, 0, context(refused, { sockets }));
    expect(await wait(listens("1F40"))).toEqual([]);
    const [found] = await wait(listens("0BB8"));
    expect(found?.problem.split("\n")).toEqual([
      "service web runs, but does not answer on port 8000, to which Traefik passes requests on:",
      "  its program listens on 3000, not on 8000",
      "  what to do: `port: 3000` of the service's `route` (in a compose file `x-route`), or of your own label `…loadbalancer.server.port`, or let the program listen on 8000",
    ]);
    const [hidden] = await wait("  0: 0100007F:1F40 00000000:0000 0A 0 0 0");
    expect(hidden?.problem).toContain("its program listens on port 8000 of 127.0.0.1 only");
    // Nothing can be asked of a node that nobody logs in to.
    const elsewhere = { ...context(refused, { sockets: listens("0BB8") }), nodes: ["a"] };
    expect(await awaitListening(ports, 0, elsewhere)).toEqual([]);
  });

  test("means something where Traefik runs", () => {
    const of = (Image: string, Args: readonly string[] = []) => {
      const one = service("proxy", []);
      const TaskTemplate = { ...template, ContainerSpec: { Image, Args } };
      return isTraefik({ ...one, Spec: { ...one.Spec, TaskTemplate } });
    };
    expect(of("traefik:v3.7@sha256:00")).toBe(true);
    expect(of("example.org/proxies/traefik")).toBe(true);
    expect(of("edge:1", ["--providers.swarm=true"])).toBe(true);
    expect(of("edge:1", ["--providers.docker.swarmMode"])).toBe(true);
    expect(of("traefik-dashboard-of-ours:1")).toBe(false);
    expect(of("web:1", ["--port", "80"])).toBe(false);
  });
});

describe("virtual addresses", () => {
  const { view } = seen(
    [service("web", [http]), service("job", [], "dnsrr")],
    [task("web", "1"), task("job", "2")],
  );

  test("are dead on nodes whose kernel has no IP_VS", async () => {
    expect(await deadAddresses(view, context(refused, { ipvs: "no" }))).toEqual({
      services: ["web"],
      nodes: ["a"],
    });
    expect(await deadAddresses(view, context(refused, { ipvs: "yes" }))).toBeUndefined();
    expect(await deadAddresses(view, context(refused, {}))).toBeUndefined();
  });
});
