import type { Endpoint } from "../../components/engine/endpoints";
import { cause } from "../../components/engine/errors";
import { rootShell } from "../../components/engine/root-shell";
import { HostConnection } from "../../components/engine/ssh";

/** What runs as root on a machine. */
export interface Errand {
  readonly script: string;
  /** Standard input. @default nothing */
  readonly input?: string;
  /** Seconds that it may take. */
  readonly seconds: number;
}

/**
 * Runs a script as root on a machine, over a connection of its own.
 *
 * @returns what it printed
 * @throws Error with what it complained
 */
export async function onMachine(
  endpoint: Endpoint,
  { script, input = "", seconds }: Errand,
): Promise<string> {
  const { command, head } = rootShell(script, seconds, endpoint);
  const connection = new HostConnection(endpoint);
  try {
    // Not ended by Ctrl-C: half an installation is worse than a late one.
    const signal = AbortSignal.timeout((seconds + 30) * 1000);
    const { stdout, stderr, status } = await connection.run(command, [head, input], signal);
    if (status === 0) return stdout;
    const said = stderr.trim().split("\n").slice(-10).join("\n");
    throw new Error(status === 124 ? `it took more than ${seconds} s` : said || `exit ${status}`);
  } catch (error) {
    throw new Error(cause(error));
  } finally {
    connection.close();
  }
}
