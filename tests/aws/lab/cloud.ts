import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { labTools } from "./tools";

/** A machine as the cloud's API knows it. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly address: string;
  /** Null while it has none. */
  readonly publicAddress: string | null;
  readonly image: string;
  readonly type: string;
  readonly userData: string;
}

/** The API of AWS, played by moto's server in a process that ends with ours. */
export class Cloud {
  private constructor(
    private readonly server: ChildProcess,
    private readonly api: number,
    private readonly window: number,
  ) {}

  /** @param log file that the server's own words go to */
  static async start(log: string): Promise<Cloud> {
    const { python } = labTools();
    const server = spawn(python, ["-B", join(__dirname, "cloud.py")], {
      // Its standard input stays open as long as we live.
      stdio: ["pipe", "pipe", openSync(log, "a")],
    });
    const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
    const first = await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      server.once("exit", (code) => reject(new Error(`moto ended with ${code}: see ${log}`)));
    });
    const { api, window } = JSON.parse(first);
    return new Cloud(server, api, window);
  }

  /** Variables that lead every client of AWS here. */
  get environment(): { readonly [name: string]: string } {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: "laboratory",
      AWS_SECRET_ACCESS_KEY: "laboratory",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_PAGER: "",
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.api}`;
  }

  /** Machines, those that were terminated too. */
  machines(): Promise<readonly Instance[]> {
    return this.see("machines");
  }

  /** Ids of the machines that run, by name. */
  async running(): Promise<{ readonly [name: string]: string }> {
    const running = (await this.machines()).filter(({ state }) => state === "running");
    return Object.fromEntries(running.map(({ name, id }) => [name, id]));
  }

  /** Ids of the shares. */
  fileSystems(): Promise<readonly string[]> {
    return this.see("file-systems");
  }

  /** Calls of the API as a policy names them, each once. */
  async calls(): Promise<readonly string[]> {
    return [...new Set(await this.see<string[]>("calls"))].sort();
  }

  /** What the policy that docs/ gives to operators would have refused of these calls, a line each. */
  refused(): Promise<readonly string[]> {
    return this.see("refused");
  }

  /** Everything in the account, except what exists from the beginning. */
  left(): Promise<readonly string[]> {
    return this.see("left");
  }

  stop(): void {
    this.server.stdin?.end();
    this.server.kill();
  }

  private async see<T>(view: string): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.window}/${view}`);
    if (!answer.ok) throw new Error(`the cloud's ${view} cannot be seen: ${answer.status}`);
    return (await answer.json()) as T;
  }
}
