import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Yard } from "../e2e/yard";
import { type Needle, needle } from "./needles";
import { smallYard } from "./small";

const platform = `import type { PlatformSpec } from "../../components/model/platform/spec";

export const platform: PlatformSpec = {
  folder: __dirname,
  images: { idle: { context: "idle" } },
  volumes: { papers: { shared: true, seed: { paper: "paper" } } },
  secrets: { token: { config: "token" }, key: { file: "key" }, word: { random: 32 } },
  services: {
    guard: {
      image: { build: "idle" },
      init: true,
      stopGracePeriod: "1s",
      secrets: { token: { source: "token" }, key: { source: "key" }, word: { source: "word" } },
      mounts: { "/papers": { type: "volume", source: "papers" } },
    },
  },
};
`;

/** An environment whose platform has a secret from each source; files of its runs go to a folder of its own. */
export class Vault {
  public readonly yard: Yard;
  /** Secrets that were planted before the first run. */
  public readonly planted: { readonly [name: string]: string };
  public readonly temporary: string;

  constructor(stack: string) {
    this.yard = smallYard(stack);
    const folder = path.join(this.yard.folder, "platforms/small");
    const text = (name: string) => `planted-${name}-${randomBytes(15).toString("base64url")}`;
    this.planted = { file: text("file"), seed: text("seed") };
    fs.writeFileSync(path.join(folder, "index.ts"), platform);
    fs.writeFileSync(path.join(folder, "key"), this.planted.file ?? "");
    fs.writeFileSync(path.join(folder, "paper"), this.planted.seed ?? "");
    this.temporary = fs.mkdtempSync(path.join(this.yard.folder, "..", `vault-${stack}-`));
    this.yard.variables.TMPDIR = this.temporary;
  }

  /** Sets the secret of the config as a person does. @returns the value that it has now */
  setToken(): string {
    const value = `planted-config-${randomBytes(15).toString("base64url")}`;
    fs.writeFileSync(this.secretsFile, `token: ${value}\n`, { mode: 0o600 });
    return value;
  }

  /** File of the environment's secrets, which git does not track. */
  get secretsFile(): string {
    return path.join(this.yard.folder, `Pulumi.${this.yard.stack}.secrets.yaml`);
  }

  /** Runs pulumi itself with the exports of `npm run env`. @returns its standard output */
  async pulumi(args: readonly string[], input = ""): Promise<string> {
    const { stack, folder, environment } = this.yard;
    const script = `eval "$(npm run --silent env -- -s ${stack} 2>/dev/null)"; exec pulumi "$@"`;
    return execFileSync("bash", ["-c", script, "bash", ...args], {
      cwd: folder,
      env: environment,
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 2 ** 28,
    });
  }

  /** Everything that the state keeps encrypted and that a person must not see: keys, salts, tokens, values. */
  async needles(): Promise<Needle[]> {
    const state = await this.pulumi([
      "stack",
      "export",
      "--show-secrets",
      "--stack",
      this.yard.stack,
    ]);
    const resources: readonly Resource[] = JSON.parse(state).deployment.resources;
    return resources.flatMap(needlesOf);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.yard.close();
    fs.rmSync(this.temporary, { recursive: true, force: true });
  }
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: { readonly [key: string]: unknown };
}

/** Pulumi's envelope of a secret, or the value itself. */
function open(value: unknown): string {
  const { plaintext } = (value ?? {}) as { plaintext?: string };
  return String(plaintext === undefined ? value : JSON.parse(plaintext));
}

function needlesOf({ urn, type, outputs = {} }: Resource): Needle[] {
  const name = urn.split("::").at(-1) ?? "";
  switch (type) {
    case "swarm:index:Key": {
      // The line of an OpenSSH key that begins with what all have in common does not tell them apart.
      const lines = open(outputs.privateKey).split("\n").slice(2, -2);
      const key = lines.map((line, index) =>
        needle(`${name}, line ${index + 2} of the private key`, line),
      );
      return [...key, needle(`${name}, salt`, open(outputs.salt))];
    }
    case "swarm:index:Secret":
      return ["data", "previous"].flatMap((key) =>
        outputs[key] === undefined ? [] : [needle(`${name}, ${key}`, open(outputs[key]))],
      );
    case "swarm:index:Cluster":
      return ["managerToken", "workerToken"].flatMap((token) =>
        tokenNeedles(token, open(outputs[token])),
      );
    default:
      return [];
  }
}

/** The part of a join token that lets somebody in; what stands before it is the swarm's own digest. */
function tokenNeedles(name: string, token: string): Needle[] {
  return [
    needle(name, token),
    needle(`${name}, its secret part`, token.trim().split("-").at(-1) ?? ""),
  ];
}
