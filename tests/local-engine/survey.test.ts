import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { survey } from "../../components/local-engine/survey";

const networks = [
  {
    Name: "nodes",
    IPAM: { Config: [{ Subnet: "10.98.0.0/16" }, { Subnet: "fd00::/64" }] },
    Labels: { "swarmyard.stack": "swarmyard/local" },
  },
  { Name: "host", IPAM: { Config: null }, Labels: {} },
];
const containers = [
  {
    Names: ["/web"],
    Ports: [
      { PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { PrivatePort: 53, PublicPort: 8053, Type: "udp" },
      { PrivatePort: 443, Type: "tcp" },
    ],
    Labels: null,
  },
];

test("asks the Docker engine over its socket for networks and containers", async () => {
  const folder = mkdtempSync(join(tmpdir(), "survey-"));
  const socket = join(folder, "docker.sock");
  const answers: { [path: string]: unknown } = {
    "/networks": networks,
    "/containers/json": containers,
  };
  const server = createServer((call, answer) => {
    answer.end(JSON.stringify(answers[call.url ?? ""]));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  expect(await survey({ DOCKER_HOST: `unix://${socket}` })).toEqual({
    networks: [
      { name: "nodes", subnets: ["10.98.0.0/16"], owner: "swarmyard/local" },
      { name: "host", subnets: [], owner: undefined },
    ],
    containers: [{ name: "web", ports: [8080], owner: undefined }],
  });
  answers["/networks"] = { message: "no" };
  expect(await survey({ DOCKER_HOST: `unix://${socket}` })).toBeUndefined();
  await new Promise((resolve) => server.close(resolve));
  expect(await survey({ DOCKER_HOST: `unix://${socket}` })).toBeUndefined();
  rmSync(folder, { recursive: true });
});

test("says nothing of a Docker engine that runs elsewhere", async () => {
  expect(await survey({ DOCKER_HOST: "tcp://192.0.2.1:2375" })).toBeUndefined();
  expect(await survey({ DOCKER_HOST: "ssh://user@192.0.2.1" })).toBeUndefined();
});
