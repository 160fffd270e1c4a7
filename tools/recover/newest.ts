import type { LogEnd } from "./raft-log";

/** A manager that answers, and how far its log reaches. */
export interface Candidate {
  readonly name: string;
  /** Where the other nodes find it. */
  readonly address: string;
  readonly log: LogEnd;
}

/** Managers with the newest log first, as raft compares logs when it elects a leader. Pure. */
export function newestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort(
    ({ log: one, name }, { log: other, name: otherName }) =>
      other.term - one.term || other.index - one.index || (name < otherName ? -1 : 1),
  );
}

/** What a recovery does, for people who decide on it. Pure. */
export function planLines(
  [chosen, ...others]: readonly Candidate[],
  silent: readonly string[],
): readonly string[] {
  if (chosen === undefined) return [];
  const end = ({ log: { term, index } }: Candidate) => `entry ${index} of term ${term}`;
  return [
    `${chosen.name} has the newest log (${end(chosen)}): it goes on as the only manager, with everything that the swarm has.`,
    ...others.map((one) => `${one.name} (${end(one)}) leaves and joins it as a manager.`),
    ...silent.map(
      (name) =>
        `${name} does not answer: its machine is replaced, and what only its log has is lost.`,
    ),
  ];
}

/** What holds the data of a host's Docker engine: its volume on this machine, or the machine on AWS. */
const MACHINES: { readonly [type: string]: string } = {
  "docker:index/volume:Volume": "-data",
  "aws:ec2/instance:Instance": "-machine",
};

/** URNs of what has to be replaced so that these hosts start without data and join again. Pure. */
export function machinesOf(
  hosts: readonly string[],
  resources: readonly { readonly urn?: string; readonly type: string }[],
): readonly string[] {
  return resources.flatMap(({ urn = "", type }) => {
    const end = MACHINES[type];
    const name = urn.split("::").at(-1) ?? "";
    return end !== undefined && hosts.some((host) => name === `${host}${end}`) ? [urn] : [];
  });
}
