import { stateFailure } from "../setup/shared-state";
import { awsHints } from "./aws-hints";

/** What Docker says when a port of this machine is taken. */
const TAKEN =
  /127\.0\.0\.1:(\d+)(?:: bind: address already in use| failed: port is already allocated)/g;

/** What to do about errors that say it to nobody but an expert, a line each. Pure. */
export function hintsFor(said: string, stack: string): readonly string[] {
  const state = stateFailure(said, stack);
  return [
    ...takenPorts(said, stack),
    ...awsHints(said),
    ...(state === undefined ? [] : [state.message]),
  ];
}

function takenPorts(said: string, stack: string): readonly string[] {
  const ports = [...new Set([...said.matchAll(TAKEN)].map(([, port]) => port))];
  const again = stack === "local" ? "npm run up" : `npm run up -- -s ${stack}`;
  return ports.map(
    (port) =>
      `Port ${port} of this machine is in use by another program; to see it, type: ss -ltnp 'sport = :${port}'\n` +
      "End that program, or set in swarmyard:hosts another `local: { portOffset: … }` (for published ports) " +
      `or \`sshPortBase\` (for SSH and the registry). Then type: ${again}`,
  );
}
