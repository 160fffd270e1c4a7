import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pullScript, renewal, renewScript } from "../../components/registry/ecr-scripts";
import { pushScript } from "../../components/registry/push-script";
import { lintScripts } from "../lint-scripts";

const [toEcr, withLogin] = [pushScript("ecr"), pushScript("login")];
const scripts = {
  "push to ECR": toEcr.text,
  "push with a login": withLogin.text,
  pull: pullScript().text,
  renew: renewScript().text,
  renewal: renewal(),
};
lintScripts(scripts);

describe.each(Object.entries(scripts))("%s", (_, script) => {
  test("is what it was", () => {
    expect(script).toMatchSnapshot();
  });
});

describe("with stand-ins for docker and aws", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "registry-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A command that notes its arguments and standard input, then runs `body`. */
  function command(name: string, body: string): void {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/bash\necho "${name} $*" >>'${folder}/log'\n${body}\n`);
    chmodSync(path, 0o755);
  }

  function run(script: string, stdin: string, args: readonly string[] = []) {
    const result = spawnSync("bash", ["-c", script, "script", ...args], {
      input: stdin,
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder },
      encoding: "utf8",
    });
    const log = () => readFileSync(join(folder, "log"), "utf8").trim().split("\n");
    return { ...result, log };
  }

  const inspect = `case "$*" in *inspect*) echo 'x.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:1'; echo "$REPO@sha256:2";; *push*) cat "$2/config.json" >seen;; esac`;
  const there = "123.dkr.ecr.eu-west-1.amazonaws.com/yard/api";
  const image = { here: "here:1", there: `${there}:1` };

  test("an image that ECR has under the same tag is not pushed again", () => {
    command("aws", "echo sha256:there");
    command("docker", "exit 1");
    const { stdout, status, log } = run(scripts["push to ECR"], toEcr.stdin(image));
    expect([stdout, status]).toEqual(["sha256:there", 0]);
    expect(log()).toEqual([
      "aws ecr describe-images --region eu-west-1 --registry-id 123 --repository-name yard/api --image-ids imageTag=1 --query imageDetails[0].imageDigest --output text",
    ]);
  });

  test("an image that ECR does not have is pushed, and the token is in no argument", () => {
    command("aws", 'case "$2" in describe-images) exit 254;; *) echo token;; esac');
    command("docker", `REPO=${there}; ${inspect}`);
    const { stdout, stderr, status, log } = run(scripts["push to ECR"], toEcr.stdin(image));
    expect([stderr, stdout, status]).toEqual(["", "sha256:2", 0]);
    expect(log().join("\n")).toContain(`docker tag here:1 ${there}:1`);
    expect(log().filter((line) => /token/.test(line))).toEqual([]);
    const host = there.split("/")[0] ?? "";
    const auth = Buffer.from("AWS:token").toString("base64");
    expect(JSON.parse(readFileSync(join(folder, "seen"), "utf8"))).toEqual({
      auths: { [host]: { auth } },
    });
  });

  test("a missing command is named before anything is done", () => {
    const { stderr, status } = spawnSync("/bin/bash", ["-c", scripts["push to ECR"]], {
      input: toEcr.stdin(image),
      env: { PATH: folder, HOME: folder },
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "pushing images to 123.dkr.ecr.eu-west-1.amazonaws.com needs the command docker on this machine",
    );
  });

  test("Docker Hub's digest is found although the Docker engine omits its host", () => {
    command("docker", `REPO=team/api; ${inspect}`);
    const { stdout } = run(
      scripts["push with a login"],
      withLogin.stdin({
        here: "here:1",
        there: "docker.io/team/api:1",
        login: { user: "me", password: "hush" },
      }),
    );
    expect(stdout).toBe("sha256:2");
    const auth = Buffer.from("me:hush").toString("base64");
    expect(JSON.parse(readFileSync(join(folder, "seen"), "utf8"))).toEqual({
      auths: { "https://index.docker.io/v1/": { auth } },
    });
  });

  test("images that a host lacks are pulled, in one order, by the host's own role", () => {
    command("docker-credential-ecr-login", "");
    command("docker", 'case "$*" in *"inspect "*/b@*) exit 0;; *inspect*) exit 1;; esac');
    const { text, stdin } = pullScript();
    const config = "/etc/swarmyard/docker";
    const script = text.replaceAll(config, folder);
    const images = [`${there}/b@sha256:2`, `${there}/a@sha256:1`];
    const { status, stderr, log } = run(`set -euo pipefail\n${script}`, stdin(images));
    expect([stderr, status]).toEqual(["", 0]);
    expect(log()).toEqual([
      `docker image inspect ${there}/a@sha256:1`,
      `docker --config ${folder} pull --quiet ${there}/a@sha256:1`,
      `docker image inspect ${there}/b@sha256:2`,
    ]);
    const helpers = { credHelpers: { "123.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login" } };
    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toEqual(helpers);
    expect(renewScript().stdin(there)).toBe("123.dkr.ecr.eu-west-1.amazonaws.com\n");
  });

  test("a manager that does not lead renews nothing", () => {
    command("docker", "echo false");
    const { status, log } = run(renewal(), "", ["123.dkr.ecr.eu-west-1.amazonaws.com"]);
    expect(status).toBe(0);
    expect(log()).toEqual([
      "docker node inspect self --format {{with .ManagerStatus}}{{.Leader}}{{end}}",
    ]);
  });
});
