import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { succeedIn, type Words } from "./succeed";
import { Yard } from "./yard";

/** A platform whose network, volume and secret another one uses, and that has data of each kind. */
const base = `services:
  keeper:
    build: ./image
    networks: [overlay]
    volumes: [data:/data, files:/files, disk:/disk]
    secrets: [word]
networks:
  overlay: { attachable: true }
volumes:
  data: {}
  files: {}
  disk: { driver_opts: { type: none, o: bind, device: /srv/base/disk } }
secrets:
  word: { file: ./word }
`;

const guest = `services:
  reader:
    build: ../base/image
    networks: [main]
    volumes: [files:/files]
    secrets: [word]
networks:
  main: { external: true, name: base_overlay }
volumes:
  files: { external: true, name: base_files }
secrets:
  word: { external: true, name: base_word }
`;

const dockerfile = 'FROM debian:12-slim\nCMD ["sleep", "infinity"]\n';

let yard: Yard;

function write(file: string, text: string): void {
  const full = path.join(yard.folder, "platforms", file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, text);
}

beforeAll(() => {
  yard = new Yard("belonging");
  for (const group of ["db", "agent", "service"]) {
    yard.set(["swarmyard:hosts", "groups", group], undefined);
  }
  write("base/compose.yaml", base);
  write("base/word", "open sesame");
  write("base/image/Dockerfile", dockerfile);
  write("guest/compose.yaml", guest);
  yard.set(["swarmyard:swarm", "hostname"], "task");
  yard.set(["swarmyard:platforms"], {
    guest: {},
    base: {
      volumes: { files: { shared: true, driver: null, directory: { owner: "1000:1000" } } },
      creates: { "base.agent": "base." },
    },
  });
});
afterAll(() => yard.close());

const succeed = (...words: Words) => succeedIn(yard, ...words);

/** Runs a command in the container of a service, on the only node. */
function inside(service: string, command: string): string {
  const find = `docker ps -q --filter label=com.docker.swarm.service.name=${service}`;
  return onNode(`docker exec $(${find}) sh -c '${command}'`);
}

function onNode(command: string): string {
  const [node = ""] = Object.keys(yard.machines()).filter((name) => name.endsWith("platform-0"));
  return yard.engine("exec", node, "bash", "-c", command).trim();
}

const fill = "echo 1 > /data/a; echo 1 > /files/a; echo 1 > /disk/a";
const count = "cat /data/* /files/* /disk/* 2>/dev/null | wc -l";
const removal = (level: string) => ["--platform", "base", "--level", level];

test("a platform uses what another one of the environment makes, wherever it is in the file", async () => {
  await succeed("up");
  inside("base_keeper", fill);
  expect(inside("guest_reader", "cat /files/a /run/secrets/word")).toBe("1\nopen sesame");
  expect(inside("guest_reader", "getent hosts keeper | wc -l")).toBe("1");
  expect(inside("guest_reader", "hostname")).toBe("guest_reader-1");
  expect(inside("base_keeper", "stat -c %u:%g /files")).toBe("1000:1000");
  await succeed("preview", "--expect-no-changes");
});

test("what another platform uses is not removed", async () => {
  const { status, output } = await yard.run("down", [...removal("keep"), "--yes"]);
  expect(status).not.toBe(0);
  expect(output).toContain("is used by guest-services-reader. Nothing was removed.");
});

test("without an answer nothing is removed, and the list says what would go", async () => {
  yard.set(["swarmyard:platforms", "guest"], undefined);
  await succeed("up");
  const { status, output } = await yard.run("down", removal("clean"));
  expect(status).not.toBe(0);
  expect(output).toContain("  1 service: base_keeper");
  expect(output).toContain("  1 network: base_overlay");
  expect(output).toMatch(/ {2}volume base_data on 1 node: 0\.0 MB/);
  expect(output).toMatch(/ {2}folder \/mnt\/share\/base\/files: 0\.0 MB/);
  expect(output).toMatch(/ {2}folder \/srv\/base\/disk: 0\.0 MB/);
  expect(inside("base_keeper", count)).toBe("3");
});

test("a service that a program creates goes with its platform, and the data stays", async () => {
  const create = ["service", "create", "--detach", "--name", "made", "--network", "base_overlay"];
  const image = await yard.docker(
    "service",
    "inspect",
    "base_keeper",
    "--format",
    "{{.Spec.TaskTemplate.ContainerSpec.Image}}",
  );
  await yard.docker(...create, "--container-label", "base.agent=base.x.made", image.trim());
  await yard.docker(...create.slice(0, 3), "--container-label", "base.agent=other.x", image.trim());
  await succeed("down", ...removal("keep"), "--yes");
  const left = await yard.docker("service", "ls", "--format", "{{.Name}}");
  expect(left.trim().split("\n")).toHaveLength(1);
  expect(left).not.toContain("made");
  expect(await yard.docker("network", "ls", "--format", "{{.Name}}")).not.toContain("base_overlay");
  await succeed("up");
  expect(inside("base_keeper", count)).toBe("3");
});

test("a clean slate empties every volume", async () => {
  await succeed("down", ...removal("clean"), "--yes");
  await succeed("up");
  expect(inside("base_keeper", count)).toBe("0");
  expect(inside("base_keeper", "stat -c %u:%g /files")).toBe("1000:1000");
  await succeed("preview", "--expect-no-changes");
});

test("removing everything leaves no volume, secret or folder", async () => {
  inside("base_keeper", fill);
  await succeed("down", ...removal("all"), "--yes");
  expect(onNode("docker volume ls -q | grep base || true")).toBe("");
  expect(onNode("ls /mnt/share/base /srv/base")).not.toMatch(/files|disk/);
  expect((await yard.docker("secret", "ls", "-q")).trim()).toBe("");
});

test("down removes everything", async () => {
  await succeed("down");
  expect(yard.left()).toEqual([]);
});
