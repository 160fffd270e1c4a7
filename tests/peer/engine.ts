import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { defaults } from "../../components/config/environment/defaults";
import { nodeImage } from "../../components/hosts/local/node-image";
import { engineMissingCapabilities } from "../../components/local-engine/capabilities";
import { imageName } from "../../components/local-engine/image";
import { isAlive, markOf } from "../../tools/setup/runs";

/** Label that names the process whose engine it is. */
const OWNER = "swarmyard.peer";
/** A Docker engine that nobody stops ends on its own after this many seconds. */
const LIFE = 900;
const SETTINGS = {
  "storage-driver": "overlay2",
  bip: "10.254.251.1/24",
  hosts: ["unix:///var/run/docker.sock", "unix:///run/peer/engine.sock"],
};

function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A separate Docker engine in a container, with a swarm of one node and the image that services run. */
export class ThrowAwayEngine {
  private constructor(
    private readonly container: string,
    /** Path of its socket. */
    public readonly socket: string,
  ) {}

  /** Starts one. `folder` is where its socket is put. */
  static start(folder: string, image: string): ThrowAwayEngine {
    removeLeft();
    const node = builtNodeImage();
    const shared = path.join(folder, "engine");
    fs.mkdirSync(shared, { recursive: true });
    const container = docker(
      "create",
      "--rm",
      "--init",
      ...["--label", `${OWNER}=${markOf(process.pid)}`],
      ...["--cap-add", "ALL", ...engineMissingCapabilities().flatMap((cap) => ["--cap-drop", cap])],
      ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"].flatMap(
        (option) => ["--security-opt", option],
      ),
      ...["--volume", `${shared}:/run/peer`],
      node,
      ...["timeout", `${LIFE}`, "entry"],
    ).trim();
    const engine = new ThrowAwayEngine(container, path.join(shared, "engine.sock"));
    const settings = path.join(folder, "daemon.json");
    fs.writeFileSync(settings, JSON.stringify(SETTINGS));
    docker("cp", settings, `${container}:/etc/docker/daemon.json`);
    docker("start", container);
    engine.run("sh", "-c", "until docker info >/dev/null 2>&1; do sleep 0.2; done");
    engine.run("docker", "swarm", "init", "--advertise-addr", "127.0.0.1");
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", 'docker save "$1" | docker exec -i "$2" docker load', "sh", image, container],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`the image ${image} cannot be handed on: ${stderr}`);
    return engine;
  }

  /** Runs a docker command on it. */
  docker(...args: string[]): string {
    return this.run("docker", ...args).trim();
  }

  stop(): void {
    spawnSync("docker", ["rm", "--force", "--volumes", this.container]);
  }

  private run(...command: string[]): string {
    return docker("exec", this.container, ...command);
  }
}

/** The image of local hosts, under the name that they give it. */
function builtNodeImage(): string {
  const image = nodeImage(defaults.engine);
  const name = imageName(image);
  if (spawnSync("docker", ["image", "inspect", name]).status !== 0) {
    const given = Object.entries(image.args ?? {}).flatMap(([key, value]) => [
      "--build-arg",
      `${key}=${value}`,
    ]);
    execFileSync("docker", ["build", "--quiet", "--tag", name, ...given, image.folder], {
      env: { ...process.env, DOCKER_BUILDKIT: "0" },
      stdio: "pipe",
    });
  }
  return name;
}

/** Removes engines of runs that were killed. */
function removeLeft(): void {
  const format = `{{.ID}} {{.Label "${OWNER}"}}`;
  const lines = docker("ps", "-a", "--filter", `label=${OWNER}`, "--format", format).trim();
  for (const line of lines.split("\n").filter((text) => text !== "")) {
    const [id = "", mark = ""] = line.split(" ");
    if (!isAlive(mark)) spawnSync("docker", ["rm", "--force", "--volumes", id]);
  }
}
