import { afterEach, expect, test } from "vitest";
import { KeptTransport } from "../../tools/setup/kept-transport";
import { engineOf, startHost, type TestHost, userKey } from "../engine/ssh-host";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0).reverse()) close();
});

async function manager(): Promise<TestHost> {
  const host = await startHost(
    "one",
    engineOf("one", { LocalNodeState: "active", ControlAvailable: true }),
  );
  open.push(() => host.stop());
  return host;
}

function kept(): KeptTransport {
  const made = new KeptTransport();
  open.push(() => made.close());
  return made;
}

test("the same hosts stay connected, whichever key is theirs and wherever it was read", async () => {
  const { endpoint, logins } = await manager();
  const transport = kept();
  const { name, host, port, user, hostKey, role } = endpoint;
  await transport.to([{ ...endpoint, keyFile: "/no/such/file" }]).manager();
  const again = { privateKey: userKey.privateKey, role, hostKey, user, port, host, name };
  await transport.to([again]).manager();
  expect(logins()).toBe(1);
});

test("another host, host key, jump host or password is another way", async () => {
  const { endpoint, logins } = await manager();
  const transport = kept();
  await transport.to([endpoint]).manager();
  const others = [
    [endpoint, { ...endpoint, name: "two" }],
    [{ ...endpoint, hostKey: `${endpoint.hostKey} comment` }],
    [{ ...endpoint, sudoPassword: "open" }],
  ];
  for (const [count, endpoints] of others.entries()) {
    const before = logins();
    await transport.to(endpoints).manager();
    expect(logins(), `${count}`).toBeGreaterThan(before);
  }
  const through = { ...endpoint, via: [{ host: "127.0.0.1", port: 1, user: "me" }] };
  await expect(transport.to([through]).manager()).rejects.toThrow(
    "no manager of the swarm answers",
  );
});

test("after it was closed, it connects again", async () => {
  const { endpoint, logins } = await manager();
  const transport = kept();
  await transport.to([endpoint]).manager();
  transport.close();
  await transport.to([endpoint]).manager();
  expect(logins()).toBe(2);
});
