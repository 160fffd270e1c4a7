import { request } from "node:http";
import { STACK_LABEL } from "../model/ownership";

/** A network of this machine's Docker engine. */
export interface SurveyedNetwork {
  readonly name: string;
  readonly subnets: readonly string[];
  /** Environment that it belongs to, as `<project>/<stack>`; undefined when it is not ours. */
  readonly owner: string | undefined;
}

/** A running container of this machine's Docker engine. */
export interface SurveyedContainer {
  readonly name: string;
  /** TCP ports of this machine that lead to it. */
  readonly ports: readonly number[];
  /** Environment that it belongs to, as `<project>/<stack>`; undefined when it is not ours. */
  readonly owner: string | undefined;
}

/** What holds addresses and ports of this machine through its Docker engine. */
export interface Survey {
  readonly networks: readonly SurveyedNetwork[];
  readonly containers: readonly SurveyedContainer[];
}

const TIMEOUT_MS = 2_000;
const STANDARD_SOCKET = "/var/run/docker.sock";

/**
 * Asks the Docker engine of this machine what it holds.
 *
 * @returns undefined when it does not answer or runs elsewhere: then nothing is known
 */
export async function survey(env: NodeJS.ProcessEnv = process.env): Promise<Survey | undefined> {
  const [, socket] = /^unix:\/\/(.+)$/.exec(env.DOCKER_HOST || `unix://${STANDARD_SOCKET}`) ?? [];
  if (socket === undefined) return undefined;
  try {
    const [networks, containers] = await Promise.all([
      ask(socket, "/networks"),
      ask(socket, "/containers/json"),
    ]);
    return { networks: readNetworks(networks), containers: readContainers(containers) };
  } catch {
    return undefined;
  }
}

function ask(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, timeout: TIMEOUT_MS }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer in time")));
    call.on("error", reject);
    call.end();
  });
}

interface WireNetwork {
  readonly Name?: string;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string }[] | null } | null;
  readonly Labels?: { readonly [key: string]: string } | null;
}

interface WireContainer {
  readonly Names?: readonly string[] | null;
  readonly Ports?: readonly { readonly PublicPort?: number; readonly Type?: string }[] | null;
  readonly Labels?: { readonly [key: string]: string } | null;
}

/** Reads what the Docker engine answers to `GET /networks`. Pure. */
export function readNetworks(answer: unknown): readonly SurveyedNetwork[] {
  return list<WireNetwork>(answer).map(({ Name = "", IPAM, Labels }) => ({
    name: Name,
    subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) =>
      Subnet !== undefined && /^[\d.]+\/\d+$/.test(Subnet) ? [Subnet] : [],
    ),
    owner: Labels?.[STACK_LABEL],
  }));
}

/** Reads what the Docker engine answers to `GET /containers/json`. Pure. */
export function readContainers(answer: unknown): readonly SurveyedContainer[] {
  return list<WireContainer>(answer).map(({ Names, Ports, Labels }) => ({
    name: (Names?.[0] ?? "").replace(/^\//, ""),
    ports: (Ports ?? []).flatMap(({ PublicPort, Type }) =>
      PublicPort !== undefined && Type === "tcp" ? [PublicPort] : [],
    ),
    owner: Labels?.[STACK_LABEL],
  }));
}

function list<T>(answer: unknown): readonly T[] {
  if (!Array.isArray(answer)) throw new Error("the answer is not a list");
  return answer;
}
