import { relative } from "node:path";
import { environmentPath } from "../../components/config/file/find";
import type { EngineClient } from "../../components/engine/client";
import { cause } from "../../components/engine/errors";
import { trustedText } from "../../components/engine/machine/complaints";
import { HostConnection } from "../../components/engine/ssh";
import { connect } from "../../components/engine/transport";
import { environmentText } from "../adopt/environment";
import { inexact, refusedParts } from "../adopt/exact";
import { type TextFile, writeFiles } from "../adopt/files";
import { type Live, readLive } from "../adopt/live";
import { machinesOf, type Reached } from "../adopt/machines";
import { inClear, noteLine } from "../adopt/notes";
import { type FoundPlatforms, platformsOf } from "../adopt/platforms";
import { type Place, type Request, readRequest } from "../adopt/request";
import type { Arguments } from "../arguments";
import { platformText } from "../report/conversion";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import { readHidden } from "../setup/hidden-input";
import type { Progress } from "../setup/progress";

/**
 * Reads a swarm that exists and writes the environment file and the platforms that describe it. It changes
 * nothing on the swarm.
 *
 * @throws Failure when no manager answers, or a file exists already
 */
export async function adopt({ stack, rest }: Arguments, progress: Progress): Promise<void> {
  const request = readRequest(rest);
  const asked = { ...request, ...(request.sudo === true ? { password: await askPassword() } : {}) };
  const { live, reached } = await progress.during("reading the swarm", () =>
    look(asked, (line) => progress.line(line)),
  );
  const found = platformsOf(live);
  const machines = machinesOf(live.nodes, reached, request.places[0]);
  const { via, keyFile, sudo } = request;
  const text = environmentText(live, {
    machines,
    platforms: found.platforms.map(({ name }) => name),
    key: keyFile === undefined ? "agent" : { file: keyFile },
    ...(sudo === true ? { sudoPassword: SUDO_SECRET } : {}),
    ...(via === undefined ? {} : { via: jumpHost(via) }),
  });
  const path = relative(root, environmentPath(root, stack));
  const files = [{ path, text }, ...filesOf(found)];
  for (const line of writeFiles(root, files, request.overwrite)) progress.line(line);
  const { platforms } = found;
  const parts = [...refusedParts(platforms), ...inexact(live, platforms)];
  const notes = [...machines.notes, ...found.notes, ...parts, ...inClear(platforms)];
  for (const note of notes) progress.line(noteLine(note));
  if (sudo === true) {
    progress.line(
      `The password is not in the files. Before the preview: npm run secret -- set ${SUDO_SECRET} -s ${stack}`,
    );
  }
  progress.line(`Read the files, then: npm run preview -- -s ${stack}; npm run up -- -s ${stack}`);
}

/** Name in the environment file of the secret with the password that sudo asks for. */
const SUDO_SECRET = "sudoPassword";

function askPassword(): Promise<string> {
  return readHidden("password that sudo asks for", "npm run adopt -- … --sudo");
}

/** What was asked for, with what is never an argument. */
interface Asked extends Request {
  /** What sudo asks for. @default nothing */
  readonly password?: string;
}

function filesOf({ platforms }: FoundPlatforms): readonly TextFile[] {
  return platforms.map(({ name, spec }) => ({
    path: `platforms/${name}/index.ts`,
    text: platformText(spec),
  }));
}

function jumpHost({ host, port, user }: Place): object {
  return {
    address: host,
    ...(port === 22 ? {} : { port }),
    ...(user === "root" ? {} : { user }),
  };
}

interface Seen {
  readonly live: Live;
  /** Machines that were connected to, by the id of their node. */
  readonly reached: ReadonlyMap<string, Reached>;
}

/** Connects to all machines that were named, and reads the swarm through the first manager among them. */
async function look(request: Asked, say: (line: string) => void): Promise<Seen> {
  const hostKeys = new Map<string, string>();
  const failures: string[] = [];
  for (const place of request.places) {
    try {
      const hostKey = await hostKeyOf(place, request);
      hostKeys.set(nameOf(place), hostKey);
      say(trustedText(nameOf(place), hostKey));
    } catch (error) {
      failures.push(`${nameOf(place)}: ${cause(error)}`);
    }
  }
  if (failures.length > 0) throw new Failure(failures.join("\n"), "Log in with ssh to see more.");
  const transport = connect(
    request.places.map((place) => ({
      ...connectionTo(place, request),
      ...{ name: nameOf(place), role: "manager" as const },
      hostKey: hostKeys.get(nameOf(place)) ?? "",
    })),
  );
  try {
    return await readThrough(request, hostKeys, (name) =>
      transport.node(name).catch((error: unknown) => asksForPassword(error, request)),
    );
  } finally {
    transport.close();
  }
}

async function readThrough(
  { places }: Request,
  hostKeys: ReadonlyMap<string, string>,
  engineOf: (name: string) => Promise<EngineClient>,
): Promise<Seen> {
  const reached = new Map<string, Reached>();
  let manager: EngineClient | undefined;
  for (const place of places) {
    const { host: address, port, user } = place;
    const engine = await engineOf(nameOf(place));
    const { Swarm = {} } = await engine.info();
    if (Swarm.LocalNodeState !== "active") {
      const state = Swarm.LocalNodeState ?? "unknown";
      throw new Failure(
        `${address} is not an active node of a swarm (${state}).`,
        "Name managers and workers of one swarm.",
      );
    }
    const hostKey = hostKeys.get(nameOf(place)) ?? "";
    reached.set(Swarm.NodeID ?? "", { address, port, user, hostKey });
    if (Swarm.ControlAvailable === true) manager ??= engine;
  }
  if (manager === undefined) {
    throw new Failure(
      "None of these machines is a manager.",
      "Name at least one manager: only managers can list what a swarm has.",
    );
  }
  const live = await readLive(manager);
  const nodes = new Set(live.nodes.map(({ ID }) => ID));
  const strangers = [...reached].filter(([id]) => !nodes.has(id)).map(([, { address }]) => address);
  if (strangers.length > 0) {
    throw new Failure(
      `${strangers.join(", ")}: in another swarm than the others.`,
      "Adopt each swarm into an environment of its own.",
    );
  }
  return { live, reached };
}

/** Says how sudo gets its password, where it asked for one. */
function asksForPassword(error: unknown, { password }: Asked): never {
  if (password !== undefined || !/password is required/.test(cause(error))) throw error;
  throw new Failure(cause(error), "If sudo asks for a password there, add: --sudo");
}

async function hostKeyOf(place: Place, request: Asked): Promise<string> {
  const connection = new HostConnection(connectionTo(place, request));
  try {
    return (await connection.keys()).hostKey;
  } finally {
    connection.close();
  }
}

function connectionTo(place: Place, { keyFile, via, password }: Asked) {
  const key = keyFile === undefined ? {} : { keyFile };
  return {
    ...place,
    ...key,
    ...(via === undefined ? {} : { via: [{ ...via, ...key }] }),
    ...(password === undefined ? {} : { sudoPassword: password }),
  };
}

function nameOf({ user, host, port }: Place): string {
  return `${user}@${host}:${port}`;
}
