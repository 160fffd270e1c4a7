import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { within } from "./deadline";
import { cause } from "./errors";
import {
  type Connection,
  credentials,
  fingerprint,
  hostKeyAlgorithms,
  hostKeyText,
  type Login,
  LoginError,
} from "./login";

/**
 * Longest time to reach a host and log in, and to open one stream to its Docker engine: a
 * machine that is busy with many new tasks may need more than ten seconds.
 */
export const DIAL_TIMEOUT_MS = 20_000;

/** A machine that has let us in. */
export interface Dialed {
  readonly client: Client;
  /** Its host key, as in authorized_keys. */
  readonly hostKey: string;
  /** Host keys of the jump hosts, the nearest first. */
  readonly hopKeys: readonly string[];
}

/**
 * Logs in to a machine, through its jump hosts when it has some. The connections to jump hosts
 * end with the machine's.
 *
 * @throws LoginError that names the machine or jump host that did not let us in
 */
export async function dial(
  target: Connection,
  onClose: () => void = () => undefined,
): Promise<Dialed> {
  const hops: (Dialed & { login: Login })[] = [];
  const closeHops = () => {
    for (const { client } of hops.toReversed()) client.destroy();
  };
  try {
    for (const hop of target.via ?? []) {
      const entered = enter(hop, await tunnel(hops.at(-1), hop), () => undefined);
      hops.push({ ...(await entered.catch((error: unknown) => asHop(error, hop))), login: hop });
    }
    const last = hops.at(-1);
    const entered = await enter(target, await tunnel(last, target), () => {
      closeHops();
      onClose();
    });
    last?.client.once("close", () => entered.client.destroy());
    return { ...entered, hopKeys: hops.map(({ hostKey }) => hostKey) };
  } catch (error) {
    closeHops();
    throw error;
  }
}

function asHop(error: unknown, hop: Login): never {
  const { trouble, message, at, found } = explained(error, hop);
  throw new LoginError(trouble, `${hopText(hop)}: ${message}`, at, found);
}

function hopText({ user, host, port }: Login): string {
  return `the jump host ${user}@${host}:${port}`;
}

/** A stream to the next machine, from a jump host; undefined without one. */
async function tunnel(
  from: (Dialed & { login: Login }) | undefined,
  to: Login,
): Promise<Duplex | undefined> {
  if (from === undefined) return undefined;
  const opened = new Promise<Duplex>((resolve, reject) => {
    from.client.forwardOut("127.0.0.1", 0, to.host, to.port, (error, stream) =>
      error ? reject(error) : resolve(stream),
    );
  });
  try {
    return await within(opened, DIAL_TIMEOUT_MS, late);
  } catch (error) {
    if (/prohibited|unknown channel/i.test(cause(error))) {
      const text = `${hopText(from.login)} forwards no connections: ${cause(error)}`;
      throw new LoginError("other", text, from.login);
    }
    throw explained(error, to);
  }
}

const late = `no answer within ${DIAL_TIMEOUT_MS / 1000} s`;

async function enter(login: Login, sock: Duplex | undefined, onClose: () => void): Promise<Dialed> {
  const { host, port, user, hostKey: pinned } = login;
  const [type, blob = ""] = pinned?.trim().split(/\s+/) ?? [];
  const config = await credentials(login);
  // Not before it is used: a preview reaches no host.
  const ssh: typeof import("ssh2") = createRequire(__filename)("ssh2");
  const client = new ssh.Client();
  let found = "";
  let refused = false;
  const ready = new Promise<Dialed>((resolve, reject) => {
    client.once("ready", () => resolve({ client, hostKey: found, hopKeys: [] }));
    client.on("error", (error) => {
      reject(refused ? otherKey(login, pinned ?? "", found) : explained(error, login));
    });
    client.once("close", () => {
      onClose();
      reject(explained(new Error("the connection was closed"), login));
    });
    client.connect({
      ...(sock === undefined ? { host, port } : { sock }),
      username: user,
      ...config,
      keepaliveInterval: 3_000,
      keepaliveCountMax: 6,
      readyTimeout: 2 * DIAL_TIMEOUT_MS,
      algorithms: { serverHostKey: hostKeyAlgorithms(type) },
      hostVerifier: (key: Buffer) => {
        found = hostKeyText(key);
        refused = pinned !== undefined && !key.equals(Buffer.from(blob, "base64"));
        return !refused;
      },
    });
  });
  return await within(ready, DIAL_TIMEOUT_MS, late).catch((error: unknown) => {
    client.destroy();
    throw explained(error, login);
  });
}

function otherKey(login: Login, pinned: string, found: string): LoginError {
  const [type = ""] = pinned.split(" ");
  const both = `pinned is ${fingerprint(pinned)}, found was ${fingerprint(found)}`;
  const text = `its host key does not match the pinned ${type} (${both})`;
  return new LoginError("host key", text, login, found);
}

/** The reason of a failed login in our words. */
function explained(error: unknown, login: Login): LoginError {
  if (error instanceof LoginError) return error;
  const said = cause(error);
  const is = (trouble: LoginError["trouble"], text = said) => new LoginError(trouble, text, login);
  if (/ECONNREFUSED|Connection refused/i.test(said)) return is("refused");
  if (/ENOTFOUND|EAI_AGAIN|resolv/i.test(said)) return is("name", `no host has this name: ${said}`);
  if (/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|No route to host|timed? ?out/i.test(said)) {
    return is("silent");
  }
  if (said === late) return is("silent");
  if (/authentication methods failed/i.test(said)) {
    return is("login", `it refuses the key for ${login.user}: ${said}`);
  }
  if (/no matching host key/i.test(said)) {
    return is("host key", `it has no host key of the pinned type any more: ${said}`);
  }
  return is("other");
}
