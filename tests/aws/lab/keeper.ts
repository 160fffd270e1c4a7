import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { withoutMarks } from "../../../tools/setup/runs";

/** What a laboratory leaves on this machine. */
export interface Traces {
  /** Value of the label of its containers, and name of its network. */
  readonly name: string;
  /** Folders that are its own. */
  readonly folders: readonly string[];
  /** Name in /etc/hosts that is its own. */
  readonly host: string;
  readonly label: string;
}

/**
 * A process that cleans up after a laboratory when this one ends, however it ends: it waits for
 * the end of its standard input.
 */
export class Keeper {
  private readonly process: ChildProcess;

  constructor({ name, folders, host, label }: Traces) {
    this.process = spawn("bash", ["-c", cleanUp, "keeper", name, label, host, ...folders], {
      stdio: ["pipe", "ignore", "inherit"],
      // A test run ends processes with its marks, and this one must do its work then.
      env: withoutMarks(process.env),
      detached: true,
    });
    this.process.unref();
  }

  /** Cleans up now. */
  async finish(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.stdin?.end();
    await ended;
  }
}

const cleanUp = `cat >/dev/null
name=$1 label=$2 host=$3
shift 3
docker ps --all --quiet --filter "label=$label=$name" | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
docker network ls --quiet --filter "name=^$name$" | xargs --no-run-if-empty docker network rm >/dev/null
# Not in place: in a container it is a mount that cannot be replaced.
hosts=$(grep -v "# $name$" /etc/hosts)
printf '%s\\n' "$hosts" >/etc/hosts
rm -rf "/etc/docker/certs.d/$host" "$@"
`;
