import { createServer } from "node:net";
import { expect, test } from "vitest";
import { listeningPorts, occupied, readListening } from "../../components/local-engine/occupied";

const own = "swarmyard/local";
const survey = {
  networks: [
    { name: "swarmyard-local-nodes", subnets: ["10.98.0.0/16"], owner: own },
    { name: "compose", subnets: ["10.99.0.0/16", "10.100.0.0/16"], owner: undefined },
    { name: "swarmyard-staging-nodes", subnets: ["10.101.0.0/16"], owner: "swarmyard/staging" },
  ],
  containers: [
    { name: "swarmyard-local-entry-demo", ports: [8080], owner: own },
    { name: "web", ports: [8090], owner: undefined },
  ],
};

test("holds what others have, not what the environment itself has", () => {
  const { networks, ports } = occupied(survey, [8080, 8090, 8123], own);
  expect(networks).toEqual([
    { name: "compose", subnet: "10.99.0.0/16" },
    { name: "compose", subnet: "10.100.0.0/16" },
    { name: "swarmyard-staging-nodes", subnet: "10.101.0.0/16" },
  ]);
  expect([...ports]).toEqual([
    [8090, "the container web"],
    [8123, "another program of this machine"],
  ]);
});

test("holds the ports of containers that no program listens for", () => {
  expect([...occupied(survey, [], own).ports]).toEqual([[8090, "the container web"]]);
});

test("reads the kernel's tables: only what listens, and only where 127.0.0.1 is taken with it", () => {
  const line = (address: string, state: string) =>
    `  0: ${address} 00000000:0000 ${state} 00000000`;
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue",
    line("0100007F:1F90", "0A"),
    line("00000000:1F91", "0A"),
    line("0100007F:1F92", "01"),
    line("0A00A8C0:1F93", "0A"),
    line("00000000000000000000000000000000:1F94", "0A"),
    line("00000000000000000000000001000000:1F95", "0A"),
  ].join("\n");
  expect(readListening(table)).toEqual([0x1f90, 0x1f91, 0x1f94]);
});

test.runIf(process.platform === "linux")(
  "sees a port that a program of this machine opened",
  async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve, reject) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("no port"));
      });
    });
    expect(listeningPorts()).toContain(port);
    await new Promise((resolve) => server.close(resolve));
    expect(listeningPorts()).not.toContain(port);
  },
);
