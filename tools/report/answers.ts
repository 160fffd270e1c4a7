import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../components/engine/deadline";
import { cause } from "../../components/engine/errors";
import { knock, portsToAnswer, type ServicePort } from "../../components/observe/answers/published";
import { awaitAnswers } from "../../components/observe/answers/unanswered";
import type { ObserveContext } from "../../components/observe/context";
import type { Outputs } from "./outputs";
import type { Seen } from "./running";

/** How long addresses may take to answer: forwarders look for new tasks twice a second. */
const PATIENCE_MS = 20_000;
const AGAIN_MS = 500;
/** How long one connection, and one answer of a page, may take. */
const CONNECT_MS = 3_000;
const PAGE_MS = 5_000;

/** An address that does not answer from this machine. */
interface Mute {
  /** `<service>:<target>`. */
  readonly key: string;
  readonly url: string;
  readonly why: string;
}

/** What was found out about published addresses. */
export interface Reached {
  /** What is wrong, with its fix. */
  readonly problems: readonly string[];
  /** Addresses that answer, but not to this machine. */
  readonly notes: readonly string[];
}

/**
 * Tries every address that `up` prints, from where people use it: a page must answer HTTP, any other port
 * must hold a connection. What does not answer is asked for on its nodes, which know more.
 */
export async function tryAddresses(
  outputs: Pick<Outputs, "urls" | "pages" | "quiet">,
  { view, verdicts }: Pick<Seen, "view" | "verdicts">,
  context: ObserveContext,
  patienceMs: number = PATIENCE_MS,
): Promise<Reached> {
  const ports = new Map(portsToAnswer(view, verdicts).map((one) => [keyOf(one), one]));
  const wanted = Object.entries(outputs.urls).filter(
    ([key]) => ports.has(key) && !outputs.quiet.includes(key),
  );
  const pages = Object.values(outputs.pages);
  const mute = await stillMute(wanted, pages, Date.now() + patienceMs);
  if (mute.length === 0) return { problems: [], notes: [] };
  const asked = mute.flatMap(({ key }) => ports.get(key) ?? []);
  const silent = await awaitAnswers(asked, 0, context);
  const told = new Set(silent.map(({ port }) => keyOf(port)));
  const others = mute
    .filter(({ key }) => !told.has(key))
    .map((one) => onlyHere(one, context.stack));
  return {
    problems: [...silent.map(({ problem }) => problem), ...others.flatMap((one) => one.problems)],
    notes: others.flatMap((one) => one.notes),
  };
}

function keyOf({ service, target }: ServicePort): string {
  return `${service}:${target}`;
}

async function stillMute(
  urls: readonly (readonly [string, string])[],
  pages: readonly string[],
  end: number,
): Promise<readonly Mute[]> {
  const found = await Promise.all(
    urls.map(async ([key, url]): Promise<Mute[]> => {
      for (;;) {
        const why = await whyMute(new URL(url), pages.includes(url));
        if (why === undefined) return [];
        if (Date.now() + AGAIN_MS > end) return [{ key, url, why }];
        await sleep(AGAIN_MS);
      }
    }),
  );
  return found.flat();
}

async function whyMute(url: URL, isPage: boolean): Promise<string | undefined> {
  const port = Number(url.port || 80);
  const why = await knock(() => dial(url.hostname, port));
  if (why !== undefined || !isPage) return why;
  try {
    await (
      await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(PAGE_MS) })
    ).body?.cancel();
    return undefined;
  } catch (error) {
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `it gives no answer to HTTP (${cause(inner)})`;
  }
}

function dial(host: string, port: number): Promise<Duplex> {
  const socket = connect({ host, port });
  const opened = new Promise<Duplex>((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
  return within(opened, CONNECT_MS, `no answer within ${CONNECT_MS / 1000} s`).catch((error) => {
    socket.destroy();
    throw error;
  });
}

/** An address that is silent here although its nodes answer. On this machine that is a fault; elsewhere it may be meant. */
function onlyHere({ url, why }: Mute, stack: string): Reached {
  const { hostname } = new URL(url);
  if (hostname === "127.0.0.1") {
    const fix = `docker ps --filter label=swarmyard.kind=entry, then docker restart of the one of ${stack}`;
    const problem = `${url} does not answer (${why}), although its nodes do.\n  what to do: ${fix}`;
    return { problems: [problem], notes: [] };
  }
  const note = `${url} answers on its nodes, but not to this machine (${why}): it may be outside of what the environment opens its ports to.`;
  return { problems: [], notes: [note] };
}
