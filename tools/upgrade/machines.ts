import type { Endpoint } from "../../components/engine/endpoints";
import {
  type EngineOffer,
  engineUpgradeScript,
  offerScript,
  readOffer,
} from "../../components/hosts/machine/engine-upgrade";
import { acceptPublished, refusePublished } from "../../components/hosts/machine/published-ports";
import { Failure, messageOf } from "../setup/failure";
import { onMachine } from "./machine-shell";

/** How long an installation may take. */
const INSTALL_SECONDS = 900;
/** How long a firewall may take to change. */
const PORTS_SECONDS = 30;
/** Ports open on their own after this time, if nobody opens them. */
const CLOSED_SECONDS = 900;

/**
 * Asks machines for what their package sources have for their Docker engines.
 *
 * @param wanted version by host; empty for the newest
 * @throws Failure with what each of those said that did not answer the question
 */
export async function offersOf(
  endpoints: readonly Endpoint[],
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, EngineOffer>> {
  const asked = endpoints.flatMap((endpoint) => {
    const version = wanted.get(endpoint.name);
    return version === undefined ? [] : [{ endpoint, version }];
  });
  const problems: string[] = [];
  const offers = await Promise.all(
    asked.map(async ({ endpoint, version }) => {
      try {
        const input = offerScript.stdin({ version });
        const errand = { script: offerScript.text, input, seconds: 300 };
        return [[endpoint.name, readOffer(await onMachine(endpoint, errand))] as const];
      } catch (error) {
        problems.push(`${endpoint.name}: ${messageOf(error)}`);
        return [];
      }
    }),
  );
  if (problems.length > 0) {
    throw new Failure(`Nothing was changed:\n${problems.sort().join("\n")}`);
  }
  return new Map(offers.flat());
}

/** Installs what a machine's sources offer. @returns the version that its Docker engine has then */
export async function install(
  endpoint: Endpoint,
  { package: name, offered }: EngineOffer,
): Promise<string> {
  const { text, stdin } = engineUpgradeScript;
  const input = stdin({ package: name, offered });
  try {
    const errand = { script: text, input, seconds: INSTALL_SECONDS };
    return (await onMachine(endpoint, errand)).trim();
  } catch (error) {
    throw new Failure(
      `The Docker engine of ${endpoint.name} could not be upgraded: ${messageOf(error)}`,
    );
  }
}

/**
 * Lets a machine refuse new connections to its published ports, so that requests go to other nodes before
 * its programs end. @returns why it does not; undefined when it does
 */
export async function closePorts(endpoint: Endpoint): Promise<string | undefined> {
  const { text, stdin } = refusePublished;
  return await ports(endpoint, text, stdin({ seconds: CLOSED_SECONDS }));
}

/** Opens them again. @returns why it does not; undefined when it does */
export async function openPorts(endpoint: Endpoint): Promise<string | undefined> {
  return await ports(endpoint, acceptPublished, "");
}

async function ports(
  endpoint: Endpoint,
  script: string,
  input: string,
): Promise<string | undefined> {
  try {
    await onMachine(endpoint, { script, input, seconds: PORTS_SECONDS });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
