import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, expect, test } from "vitest";
import { dial } from "../../components/engine/dial";
import { type Connection, fingerprint, type Login, pinned } from "../../components/engine/login";
import { HostConnection } from "../../components/engine/ssh";
import { makeKeyPair } from "../../components/provider/key";
import { startShell } from "./shell-host";

const user = makeKeyPair();
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

interface Machine extends Login {
  readonly hostKey: string;
  /** Users who logged in, and what was asked of the machine. */
  readonly seen: string[];
}

/** An sshd in this process that lets `user` in, forwards connections, and answers commands. */
async function machine(name: string, options: { forwards?: boolean } = {}): Promise<Machine> {
  const key = makeKeyPair();
  const allowed = ssh2.utils.parseKey(user.publicKey);
  if (allowed instanceof Error) throw allowed;
  const seen: string[] = [];
  const server = new ssh2.Server({ hostKeys: [key.privateKey] }, (client) => {
    client.on("error", () => undefined);
    let login = "";
    client.on("authentication", (attempt) => {
      const good =
        attempt.method === "publickey" && attempt.key.data.equals(allowed.getPublicSSH());
      if (!good || attempt.username === "stranger") return attempt.reject(["publickey"]);
      login = attempt.username;
      return attempt.accept();
    });
    client.on("ready", () => seen.push(login));
    client.on("tcpip", (accept, reject, { destIP, destPort }) => {
      if (options.forwards === false) return reject();
      seen.push(`forward ${destPort}`);
      const socket = connect(destPort, destIP, () => {
        const stream = accept();
        stream.pipe(socket).pipe(stream);
        stream.on("error", () => socket.destroy());
      });
      socket.on("error", () => reject());
    });
    client.on("session", (accept) => {
      accept().on("exec", (answer, _, { command }) => {
        const stream = answer();
        let input = "";
        stream.on("data", (chunk: Buffer) => {
          input += chunk;
        });
        stream.on("end", () => {
          stream.write(`${name} ran ${command} with ${input}`);
          stream.stderr.write("a complaint");
          stream.exit(3);
          stream.end();
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => server.close());
  const { port } = (server as unknown as Server).address() as { port: number };
  const login = { host: "127.0.0.1", port, user: "me", privateKey: user.privateKey };
  return { ...login, hostKey: key.publicKey, seen };
}

const way = ({ seen: _, ...login }: Machine): Login => login;
const unpinned = ({ hostKey: _, ...login }: Login): Login => login;

async function failure(target: Connection): Promise<unknown> {
  const dialed = await dial(target).catch((error: unknown) => error);
  if (!(dialed instanceof Error)) throw new Error("it was let in");
  return { ...dialed, message: dialed.message };
}

test("the first connection says which key a machine has, and through a chain those of the jump hosts", async () => {
  const [one, two, three] = [await machine("one"), await machine("two"), await machine("three")];
  const via = [unpinned(way(one)), way(two)];
  const { client, hostKey, hopKeys } = await dial({ ...unpinned(way(three)), via });
  client.destroy();
  expect(hostKey).toBe(three.hostKey);
  expect(hopKeys).toEqual([one.hostKey, two.hostKey]);
  expect(one.seen).toEqual(["me", `forward ${two.port}`]);
  expect(two.seen).toEqual(["me", `forward ${three.port}`]);
  expect(three.seen).toEqual(["me"]);
});

test("a command runs behind jump hosts, with its input, over one connection", async () => {
  const [jump, box] = [await machine("jump"), await machine("box")];
  const host = new HostConnection<Connection>({ ...way(box), via: [way(jump)] });
  open.push(() => host.close());
  const { signal } = new AbortController();
  const outcomes = await Promise.all(
    ["a", "b"].map((name) => host.run(name, ["some ", "input"], signal)),
  );
  expect(outcomes).toEqual(
    ["a", "b"].map((name) => ({
      stdout: `box ran ${name} with some input`,
      stderr: "a complaint",
      status: 3,
    })),
  );
  expect(jump.seen).toEqual(["me", `forward ${box.port}`]);
  expect(box.seen).toEqual(["me"]);
});

test("a command that has ended at once keeps its status", async () => {
  const quick = await startShell(() => ["sh", "-c", "echo out; exit 5"]);
  open.push(quick.stop);
  const host = new HostConnection<Connection>(quick.connection);
  open.push(() => host.close());
  const { signal } = new AbortController();
  for (let count = 0; count < 40; count += 1) {
    expect(await host.run("", [], signal)).toEqual({ stdout: "out\n", stderr: "", status: 5 });
  }
});

test("another host key than the pinned one stops it, with both fingerprints, also on a jump host", async () => {
  const box = await machine("box");
  const pinned = makeKeyPair().publicKey;
  const both = `pinned is ${fingerprint(pinned)}, found was ${fingerprint(box.hostKey)}`;
  const text = `its host key does not match the pinned ssh-ed25519 (${both})`;
  expect(await failure({ ...way(box), hostKey: pinned })).toMatchObject({
    trouble: "host key",
    message: text,
    found: box.hostKey,
  });
  const jump = { ...way(box), hostKey: pinned };
  expect(await failure({ ...way(box), via: [jump] })).toMatchObject({
    trouble: "host key",
    message: `the jump host me@127.0.0.1:${box.port}: ${text}`,
    at: { port: box.port },
  });
  expect(box.seen).toEqual([]);
});

test("a wrong user, a closed port and a name that nobody has are different troubles", async () => {
  const box = await machine("box");
  expect(await failure({ ...way(box), user: "stranger" })).toMatchObject({
    trouble: "login",
    message: expect.stringMatching(/^it refuses the key for stranger: /),
  });
  expect(await failure({ ...way(box), port: 1 })).toMatchObject({
    trouble: "refused",
    message: expect.stringContaining("ECONNREFUSED"),
  });
  expect(await failure({ ...way(box), host: "nobody.invalid" })).toMatchObject({ trouble: "name" });
  const closed = await failure({ ...way(box), port: 1, via: [way(box)] });
  expect(closed).toMatchObject({ at: { port: 1 } });
  const jump = await machine("jump", { forwards: false });
  expect(await failure({ ...way(box), via: [way(jump)] })).toMatchObject({
    message: expect.stringMatching(/./),
  });
});

test("keys that cannot be used are different troubles, before anything is dialed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-key-"));
  open.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "key");
  const { generateKeyPairSync } = await import("node:crypto");
  const { privateKey: locked } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem", cipher: "aes-256-cbc", passphrase: "open" },
  });
  const box = { host: "127.0.0.1", port: 1, user: "me" };
  expect(await failure({ ...box, keyFile: file })).toMatchObject({ trouble: "key file" });
  writeFileSync(file, locked);
  expect(await failure({ ...box, keyFile: file })).toMatchObject({
    trouble: "locked key",
    message: `${file} is encrypted, and no passphrase is given`,
  });
  expect(await failure({ ...box, keyFile: file, passphrase: "shut" })).toMatchObject({
    trouble: "passphrase",
  });
  expect(await failure({ ...box, keyFile: file, passphrase: "open" })).toMatchObject({
    trouble: "refused",
  });
  expect(await failure({ ...box, privateKey: "no key" })).toMatchObject({ trouble: "bad key" });
  const { SSH_AUTH_SOCK: agent } = process.env;
  delete process.env.SSH_AUTH_SOCK;
  expect(await failure(box)).toMatchObject({ trouble: "agent" });
  if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
});

test("the pinned key's own type is asked for", async () => {
  const box = await machine("box");
  const rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==";
  expect(await failure({ ...way(box), hostKey: rsa })).toMatchObject({
    trouble: "host key",
    message: expect.stringMatching(/^it has no host key of the pinned type any more/),
  });
});

test("pinned keys of the file win over those that were seen", () => {
  const hop = { host: "h", port: 22, user: "u" };
  const way = { ...hop, via: [{ ...hop, hostKey: "stated" }, hop] };
  expect(pinned(way, "seen", ["one", "two"])).toEqual({
    ...way,
    hostKey: "seen",
    via: [
      { ...hop, hostKey: "stated" },
      { ...hop, hostKey: "two" },
    ],
  });
  expect(pinned({ ...hop, hostKey: "stated" }, "seen", undefined).hostKey).toBe("stated");
});

test("a connection that broke goes on only with the key that it saw first", async () => {
  const [first, second] = [await machine("first"), await machine("second")];
  let { port } = first;
  const place = createServer((socket) => {
    const way = connect(port, "127.0.0.1");
    socket.pipe(way).pipe(socket);
    for (const end of [socket, way]) end.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => place.listen(0, "127.0.0.1", resolve));
  open.push(() => place.close());
  const { port: shown } = place.address() as { port: number };
  const host = new HostConnection<Connection>({ ...unpinned(way(first)), port: shown });
  open.push(() => host.close());
  expect((await host.keys()).hostKey).toBe(first.hostKey);
  host.close();
  expect((await host.keys()).hostKey).toBe(first.hostKey);
  host.close();
  port = second.port;
  await expect(host.keys()).rejects.toMatchObject({ trouble: "host key", found: second.hostKey });
});
