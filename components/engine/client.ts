import type { LiveService, WireSpec } from "../model/service/wire";
import type {
  ContentSpec,
  Distribution,
  EngineInfo,
  EngineVersion,
  InitSpec,
  JoinSpec,
  LiveContainer,
  LiveContent,
  LiveImage,
  LiveNetwork,
  LiveNode,
  LiveSwarm,
  LiveTask,
  LiveVolume,
  NetworkSpec,
  NodeSpec,
  Rotation,
  SwarmSpec,
  VolumeSpec,
} from "./live";

/** One request to a Docker engine. */
export interface Request {
  readonly method: "GET" | "POST" | "DELETE";
  /** Without a query. */
  readonly path: string;
  /** Maps become JSON, as `filters` needs it. */
  readonly query?: object;
  readonly body?: object;
  /** Value of X-Registry-Auth. */
  readonly auth?: string;
  readonly signal?: AbortSignal;
}

/** Sends a request and resolves to what the Docker engine answers: parsed JSON, or bytes when it is not JSON. */
export type Send = (request: Request) => Promise<unknown>;

type Filters = { readonly [key: string]: readonly string[] };

/** Objects of one kind. What the Docker engine does not have throws an error with status 404. */
interface Objects<Live, Spec> {
  list(filters?: Filters): Promise<Live[]>;
  inspect(id: string): Promise<Live>;
  /** @returns the new object's id */
  create(spec: Spec, auth?: string): Promise<string>;
  /** Writes the whole spec. @throws "update out of sequence" when the object has changed since that version */
  update(id: string, version: number, spec: Spec, auth?: string): Promise<void>;
  remove(id: string, query?: { readonly force: boolean }): Promise<void>;
}

/** The Docker engine of one host, or of whichever manager answers. */
export interface EngineClient {
  readonly nodes: Omit<Objects<LiveNode, NodeSpec>, "create">;
  readonly services: Objects<LiveService, WireSpec>;
  readonly tasks: Pick<Objects<LiveTask, never>, "list">;
  readonly networks: Omit<Objects<LiveNetwork, NetworkSpec>, "update">;
  /** A network of the swarm by id or name, also `host` and `bridge`, which no list contains. */
  swarmNetwork(id: string): Promise<LiveNetwork>;
  readonly volumes: Omit<Objects<LiveVolume, VolumeSpec>, "update" | "list">;
  readonly secrets: Objects<LiveContent, ContentSpec>;
  readonly configs: Objects<LiveContent, ContentSpec>;
  /** Lists ended ones too. */
  readonly containers: Pick<Objects<LiveContainer, never>, "list" | "inspect" | "remove">;
  /** Images of this Docker engine, by id, tag or digest. */
  readonly images: Pick<Objects<LiveImage, never>, "list" | "inspect" | "remove">;
  /** The last lines of a task's log, framed or raw. */
  taskLog(id: string, lines: number, signal: AbortSignal): Promise<Buffer>;
  /** What the image's registry says of it. */
  distribution(image: string, auth: string | undefined, signal: AbortSignal): Promise<Distribution>;
  swarm(): Promise<LiveSwarm>;
  /** Writes the whole spec. @throws "update out of sequence" when the swarm has changed since that version */
  updateSwarm(version: number, spec: SwarmSpec, rotation?: Rotation): Promise<void>;
  /** The key that unlocks managers; empty without autolock. */
  unlockKey(): Promise<string>;
  /** Unlocks this manager. */
  unlock(key: string): Promise<void>;
  leave(options: { readonly force: boolean }): Promise<void>;
  join(spec: JoinSpec): Promise<void>;
  init(spec: InitSpec): Promise<void>;
  info(): Promise<EngineInfo>;
  version(): Promise<EngineVersion>;
}

/** A client whose requests go out by `send`. */
export function engineClient(send: Send): EngineClient {
  // The one place that takes a Docker engine at its word: the types are those of its API.
  const ask = async <T>(request: Request): Promise<T> => (await send(request)) as T;
  const get = <T>(path: string, query?: object) => ask<T>({ method: "GET", path, query });
  const post = async (path: string, body?: object) => {
    await ask({ method: "POST", path, body });
  };
  const objects = <Live, Spec extends object>(kind: string): Objects<Live, Spec> => ({
    list: (filters) => get(`/${kind}`, filters && { filters }),
    inspect: (id) => get(`/${kind}/${id}`),
    async create(body, auth) {
      const path = `/${kind}/create`;
      const made = await ask<{ ID?: string; Id?: string }>({ method: "POST", path, body, auth });
      return made.ID ?? made.Id ?? "";
    },
    async update(id, version, body, auth) {
      const path = `/${kind}/${id}/update`;
      await ask({ method: "POST", path, query: { version }, body, auth });
    },
    async remove(id, query) {
      await ask({ method: "DELETE", path: `/${kind}/${id}`, query });
    },
  });
  return {
    nodes: objects("nodes"),
    services: objects("services"),
    tasks: objects("tasks"),
    networks: objects("networks"),
    swarmNetwork: (id) => get(`/networks/${id}`, { scope: "swarm" }),
    volumes: objects("volumes"),
    secrets: objects("secrets"),
    configs: objects("configs"),
    containers: {
      ...objects("containers"),
      list: (filters) => get("/containers/json", { all: true, ...(filters && { filters }) }),
      inspect: (id) => get(`/containers/${id}/json`),
    },
    images: {
      ...objects("images"),
      list: (filters) => get("/images/json", filters && { filters }),
      inspect: (id) => get(`/images/${id}/json`),
    },
    async taskLog(id, tail, signal) {
      const query = { stdout: 1, stderr: 1, tail };
      const body = await send({ method: "GET", path: `/tasks/${id}/logs`, query, signal });
      // A log that is valid JSON as a whole arrives parsed.
      return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    },
    distribution: (image, auth, signal) =>
      ask({ method: "GET", path: `/distribution/${image}/json`, auth, signal }),
    swarm: () => get("/swarm"),
    async updateSwarm(version, body, rotation = {}) {
      const query = { version, ...rotation };
      await ask({ method: "POST", path: "/swarm/update", query, body });
    },
    unlockKey: async () => (await get<{ UnlockKey?: string }>("/swarm/unlockkey")).UnlockKey ?? "",
    unlock: (key) => post("/swarm/unlock", { UnlockKey: key }),
    leave: ({ force }) => ask({ method: "POST", path: "/swarm/leave", query: { force } }),
    join: (spec) => post("/swarm/join", spec),
    init: (spec) => post("/swarm/init", spec),
    info: () => get("/info"),
    version: () => get("/version"),
  };
}
