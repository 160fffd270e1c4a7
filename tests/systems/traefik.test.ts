import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TRAEFIK_VARIABLE } from "../../tools/commands/test-systems";
import { succeedIn, type Words } from "../e2e/succeed";
import { Yard } from "../e2e/yard";
import { addresses, eventually } from "./system";

/** Traefik itself, built from Go modules. */
const program = process.env[TRAEFIK_VARIABLE];

/** Three tasks on one node, none of which publishes a port. */
const compose = `services:
  web:
    image: shop/web:1
    expose: [8000]
    networks: [main_network]
    deploy: { replicas: 3, placement: { constraints: [node.role == worker] } }
    x-route: shop.example.org
  api:
    image: shop/web:1
    networks: [main_network]
    x-route: { host: shop.example.org, path: /api, port: 8000 }
  secure:
    image: shop/web:1
    networks: [main_network]
    x-route: { host: secure.example.org, port: 8000, tls: true }
networks:
  main_network: { external: true }
`;

const certificates = `tls:
  certificates:
    - { certFile: /certificates/shop.pem, keyFile: /certificates/shop.key }
`;

interface Answer {
  readonly status?: number;
  readonly hostname?: string;
}

describe.skipIf(program === undefined)("Traefik (only with npm run test:systems)", () => {
  let yard: Yard;
  let at: (port: number) => string;
  const place = (...names: string[]) => path.join(yard.folder, "platforms", ...names);

  beforeAll(() => {
    yard = new Yard("test-traefik");
    fs.mkdirSync(place("shop"));
    fs.writeFileSync(place("shop", "compose.yaml"), compose);
    makeCertificates(place("traefik", "tls"));
    makeImage(place("stand-ins", "real-traefik"));
    yard.set(["swarmyard:hosts", "groups"], { manager: { role: "manager" }, worker: {} });
    yard.set(["swarmyard:platforms"], {
      "main-network": {},
      traefik: {
        volumes: {
          certificates: {
            shared: true,
            seed: Object.fromEntries(
              ["tls.yaml", "shop.pem", "shop.key"].map((file) => [file, `tls/${file}`]),
            ),
          },
        },
        services: {
          traefik: {
            command: [
              "--providers.swarm=true",
              "--providers.swarm.endpoint=unix:///var/run/docker.sock",
              "--providers.swarm.exposedByDefault=false",
              "--providers.swarm.network=main_network",
              "--providers.file.directory=/certificates",
              "--entryPoints.web.address=:80",
              "--entryPoints.websecure.address=:443",
            ],
            ports: [
              { target: 80, published: 80 },
              { target: 443, published: 443 },
            ],
            mounts: { "/certificates": { type: "volume", source: "certificates", readOnly: true } },
          },
        },
        open: { service: "traefik", target: 80 },
      },
      shop: {},
    });
    yard.set(["swarmyard:standIns"], {
      traefik: { context: "platforms/stand-ins/real-traefik" },
      "shop/web": { context: "platforms/stand-ins/service", args: { LISTEN: "8000" } },
    });
  });
  afterAll(() => yard.close());

  const succeed = (...words: Words) => succeedIn(yard, ...words);

  /** What a port of Traefik answers for an address. */
  function asking(port: 80 | 443, host: string, where = "/"): Promise<Answer> {
    const url = new URL(where, at(port));
    const ca = fs.readFileSync(path.join(yard.folder, "ca.pem"));
    const options = { headers: { host }, servername: host, ca };
    return new Promise((resolve, reject) => {
      const take = (answer: http.IncomingMessage) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => {
          const { statusCode: status } = answer;
          resolve(status === 200 ? { status, ...JSON.parse(text) } : { status });
        });
      };
      const request =
        port === 80
          ? http.get(url, options, take)
          : https.get(Object.assign(url, { protocol: "https:" }), options, take);
      request.on("error", reject);
    });
  }

  test("comes up with a service of three tasks on one node, none of which publishes a port", async () => {
    at = addresses(await succeed("up", "--stand-ins"), 80);
    const nodes = (await yard.tasks("shop_web")).map(({ node }) => node);
    expect(nodes).toHaveLength(3);
    expect(new Set(nodes).size).toBe(1);
    expect(
      await yard.docker("service", "inspect", "shop_web", "--format", "{{json .Endpoint}}"),
    ).not.toContain("PublishedPort");
  });

  test("is the real one", async () => {
    const image = await yard.docker("service", "ps", "traefik_traefik", "--format", "{{.Node}}");
    const [machine = ""] = Object.keys(yard.machines()).filter((name) =>
      name.includes("-manager-"),
    );
    expect(image).toContain("manager");
    const inside = (...command: string[]) => yard.engine("exec", machine, "docker", ...command);
    const task = inside("ps", "-q", "--filter", "name=traefik_traefik").trim();
    expect(inside("exec", task, "/traefik", "version")).toMatch(/Version: +v3\./);
  });

  test("passes requests on by their host, to all tasks of a service in turn", async () => {
    const seen = new Set<string | undefined>();
    await eventually(
      async () => {
        const { status, hostname } = await asking(80, "shop.example.org");
        return status === 200 ? seen.add(hostname) : seen;
      },
      ({ size }) => size === 3,
    );
    expect(await asking(80, "other.example.org")).toEqual({ status: 404 });
  });

  test("tells paths of one host apart", async () => {
    const api = await eventually(
      () => asking(80, "shop.example.org", "/api/orders"),
      ({ status }) => status === 200,
    );
    const again = await asking(80, "shop.example.org", "/api/orders");
    expect(again.hostname).toBe(api.hostname);
  });

  test("answers with the certificate that is on the share", async () => {
    const { status } = await eventually(
      () => asking(443, "secure.example.org"),
      (answer) => answer.status === 200,
    );
    expect(status).toBe(200);
    expect(await asking(80, "secure.example.org")).toEqual({ status: 404 });
  });

  test("reaches new tasks, and the same up again changes nothing", async () => {
    yard.set(["swarmyard:platforms", "shop"], { services: { web: { replicas: 5 } } });
    await succeed("up", "--stand-ins");
    const seen = new Set<string | undefined>();
    await eventually(
      async () => seen.add((await asking(80, "shop.example.org")).hostname),
      ({ size }) => size === 5,
    );
    await succeed("preview", "--stand-ins", "--expect-no-changes");
  });

  test("a route to a port that the program does not listen on fails up, which says so", async () => {
    const route = (port: number) => ({ host: "shop.example.org", path: "/api", port });
    yard.set(["swarmyard:platforms", "shop"], { services: { api: { route: route(9999) } } });
    const { status, output } = await yard.run("up", ["--stand-ins"]);
    expect(status, output).not.toBe(0);
    expect(output).toContain(
      "service shop_api runs, but does not answer on port 9999, to which Traefik passes requests on",
    );
    expect(output).toContain("its program listens on 8000, not on 9999");
    yard.set(["swarmyard:platforms", "shop"], { services: { api: { route: route(8000) } } });
    await succeed("up", "--stand-ins");
  });

  test("down leaves nothing", async () => {
    await succeed("down");
    expect(yard.left()).toEqual([]);
  });

  /** A CA of the test's own, and a certificate of it. */
  function makeCertificates(folder: string): void {
    fs.mkdirSync(folder);
    const openssl = (...args: string[]) =>
      execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    const ca = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"];
    openssl("req", ...ca, "-keyout", "../../../ca.key", "-out", "../../../ca.pem");
    const asked = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=secure.example.org"];
    const name = ["-addext", "subjectAltName=DNS:secure.example.org"];
    openssl("req", ...asked, ...name, "-keyout", "shop.key", "-out", "../../../shop.csr");
    const signed = ["-CA", "../../../ca.pem", "-CAkey", "../../../ca.key", "-days", "2"];
    openssl(
      ...["x509", "-req", "-in", "../../../shop.csr", ...signed],
      ...["-copy_extensions", "copy", "-out", "shop.pem"],
    );
    fs.writeFileSync(path.join(folder, "tls.yaml"), certificates);
  }

  function makeImage(folder: string): void {
    fs.mkdirSync(folder);
    fs.copyFileSync(program ?? "", path.join(folder, "traefik"));
    fs.chmodSync(path.join(folder, "traefik"), 0o755);
    const dockerfile = 'FROM debian:12-slim\nCOPY traefik /\nENTRYPOINT ["/traefik"]\n';
    fs.writeFileSync(path.join(folder, "Dockerfile"), dockerfile);
  }
});
