import type { Endpoint } from "../../components/engine/endpoints";
import type { Login } from "../../components/engine/login";
import { connect, type Transport } from "../../components/engine/transport";

/** The hosts of a swarm for all questions of one command: a host that was logged in to once stays connected. */
export class KeptTransport {
  private known: string | undefined;
  private transport: Transport | undefined;

  /** The transport of before where it reaches the same hosts, with whichever key; otherwise another one. */
  to(endpoints: readonly Endpoint[]): Transport {
    const places = JSON.stringify(endpoints.map(placeOf));
    if (this.transport === undefined || places !== this.known) {
      this.close();
      this.known = places;
      this.transport = connect(endpoints);
    }
    return this.transport;
  }

  /** Ends all connections. */
  close(): void {
    this.transport?.close();
    this.transport = undefined;
  }
}

function placeOf({ name, role, via = [], sudoPassword, ...login }: Endpoint): readonly unknown[] {
  return [name, role, sudoPassword ?? "", ...[login, ...via].map(loginOf)];
}

function loginOf({ host, port, user, hostKey = "" }: Login): readonly unknown[] {
  return [host, port, user, hostKey];
}
