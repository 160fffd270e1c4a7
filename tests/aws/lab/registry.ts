import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import { join, resolve } from "node:path";
import { contextHash } from "../../../components/local-engine/context-hash";
import { docker, labLabel } from "./machines";

/** What an ECR is made of. */
export interface EcrOptions {
  /** Name of the laboratory and of its network. */
  readonly name: string;
  readonly folder: string;
  readonly host: string;
  /** This machine's address in the laboratory's network. */
  readonly address: string;
  readonly password: string;
}

/**
 * ECR without AWS: a real registry behind its real name, with TLS, for those who know the token.
 */
export class Ecr {
  private constructor(private readonly front: Server) {}

  static async start(options: EcrOptions): Promise<Ecr> {
    const address = await startStore(options.name);
    const files = certificate(options);
    const wanted = `Basic ${Buffer.from(`AWS:${options.password}`).toString("base64")}`;
    const front = createServer(
      { key: readFileSync(files.key), cert: readFileSync(files.cert) },
      (incoming, answer) => {
        if (incoming.headers.authorization !== wanted) {
          answer.writeHead(401, { "www-authenticate": `Basic realm="https://${options.host}/"` });
          answer.end();
          return;
        }
        const { authorization: _, ...headers } = incoming.headers;
        const onward = request(
          { host: address, port: 5000, method: incoming.method, path: incoming.url, headers },
          (reply) => {
            answer.writeHead(reply.statusCode ?? 502, withHttps(reply.headers, options.host));
            reply.pipe(answer);
          },
        );
        onward.on("error", () => answer.destroy());
        incoming.pipe(onward);
      },
    );
    await new Promise<void>((done, failed) => {
      front.once("error", failed);
      front.listen(443, options.address, done);
    });
    return new Ecr(front);
  }

  stop(): void {
    this.front.closeAllConnections();
    this.front.close();
  }
}

/** The registry itself knows nothing of TLS: where it says to go on must. */
function withHttps(headers: NodeJS.Dict<string | string[]>, host: string) {
  const { location } = headers;
  if (typeof location !== "string") return headers;
  return { ...headers, location: location.replace(/^http:\/\/[^/]+/, `https://${host}`) };
}

async function startStore(name: string): Promise<string> {
  const context = resolve(__dirname, "../../../components/registry/image");
  const image = `swarmyard/lab-registry:${contextHash(context).slice(0, 12)}`;
  if ((await docker("image", "ls", "-q", image)) === "") {
    await docker("build", "--quiet", "--tag", image, context);
  }
  const container = `${name}-registry`;
  await docker("run", "--detach", "--name", container, "--label", `${labLabel}=${name}`, image);
  return docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", container);
}

function certificate({ folder, host }: EcrOptions): { key: string; cert: string } {
  const [key, cert] = [join(folder, "registry.key"), join(folder, "registry.crt")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", "2", "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ...["-keyout", key, "-out", cert],
    ],
    { stdio: "pipe" },
  );
  return { key, cert };
}
