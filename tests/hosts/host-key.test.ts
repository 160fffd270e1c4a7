import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { hostKeyScript, onMachine } from "../../components/hosts/aws/host-key";
import type { PlainMap } from "../../components/model/merge";
import { awsEnvironment } from "../aws-environment";
import { lintScripts } from "../lint-scripts";
import { Recorder } from "../recorder";
import { hostsOn } from "./hosts-on";

lintScripts({ "on this machine": hostKeyScript().text, "on the other": onMachine });

/** This machine and the other one in a folder: ssh runs its command here, if it knows the other's key. */
const folder = mkdtempSync(join(tmpdir(), "swarmyard-host-key-"));
afterAll(() => rmSync(folder, { recursive: true }));

function newKey(name: string): { readonly open: string; readonly secret: string } {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  const open = readFileSync(`${file}.pub`, "utf8").trim();
  return { open, secret: readFileSync(file, "utf8") };
}

function program(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

const hostFile = () => join(folder, "etc/ssh/swarmyard_host_key");

beforeEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of ["bin", "etc/ssh", "tmp"]) mkdirSync(join(folder, name), { recursive: true });
  program("sudo", '[ "$1" = -n ] && shift; exec "$@"');
  program("sshd", `echo "sshd $*" >>${folder}/asked`);
  program("systemctl", `echo "systemctl $*" >>${folder}/asked`);
  program("service", `echo "service $*" >>${folder}/asked`);
  program(
    "sleep",
    `echo x >>${folder}/waits; [ "$(wc -l <${folder}/waits)" -lt 3 ] || touch ${folder}/up`,
  );
  program(
    "ssh",
    `[ -e ${folder}/up ] || exit 255
for word in "$@"; do case $word in UserKnownHostsFile=*) known=\${word#*=} ;; -i) ;; esac; done
grep -qxF "10.0.0.1 $(cat ${hostFile()}.pub)" "$known" || { echo "host key verification failed" >&2; exit 255; }
echo "\${*: -2:1}" >>${folder}/asked
exec bash -c "\${*: -1}"`,
  );
});

function change(
  birth: ReturnType<typeof newKey>,
  kept: ReturnType<typeof newKey>,
  shown: ReturnType<typeof newKey> = birth,
) {
  writeFileSync(hostFile(), shown.secret);
  writeFileSync(`${hostFile()}.pub`, `${shown.open}\n`);
  const { text, stdin } = hostKeyScript();
  const script = text
    .replaceAll("/etc/ssh/", `${folder}/etc/ssh/`)
    .replace("SECONDS + 840", "SECONDS + 5");
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    input: stdin({
      host: "10.0.0.1",
      user: "swarmyard",
      birth: birth.open,
      kept: kept.open,
      operator: "OPERATOR",
      keptPrivate: kept.secret,
    }),
    env: {
      ...process.env,
      PATH: `${folder}/bin:${process.env.PATH}`,
      XDG_RUNTIME_DIR: join(folder, "tmp"),
    },
  });
  const asked = join(folder, "asked");
  return {
    status,
    said: `${stdout}${stderr}`,
    asked: existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [],
    left: readdirSync(join(folder, "tmp")),
  };
}

test("waits for the machine, changes its key, and proves that it shows the new one", () => {
  const [birth, kept] = [newKey("birth"), newKey("kept")];
  const { status, said, asked, left } = change(birth, kept);
  expect({ status, said, left }).toEqual({ status: 0, said: "", left: [] });
  expect(readFileSync(hostFile(), "utf8")).toBe(kept.secret);
  expect(readFileSync(`${hostFile()}.pub`, "utf8")).toBe(`${kept.open}\n`);
  expect(readdirSync(join(folder, "etc/ssh")).sort()).toEqual([
    "swarmyard_host_key",
    "swarmyard_host_key.pub",
  ]);
  expect(asked.filter((line) => !line.startsWith("s"))).toEqual([]);
  expect(asked.map((line) => line.replace(/^(systemctl|service) .*/, "reload"))).toEqual([
    "swarmyard@10.0.0.1",
    "sshd -t",
    "reload",
    "swarmyard@10.0.0.1",
  ]);
});

test("a machine that has the new key already stays as it is", () => {
  writeFileSync(join(folder, "up"), "");
  const [birth, kept] = [newKey("birth"), newKey("kept")];
  const { status, asked } = change(birth, kept, kept);
  expect({ status, asked }).toEqual({
    status: 0,
    asked: ["swarmyard@10.0.0.1", "swarmyard@10.0.0.1"],
  });
});

test("a machine that shows another key gets nothing, and no key is left on this one", () => {
  writeFileSync(join(folder, "up"), "");
  const other = newKey("other");
  const { status, said, asked, left } = change(newKey("birth"), newKey("kept"), other);
  expect(status).toBe(1);
  expect(said).toBe(
    "the host key of 10.0.0.1 could not be changed within 14 minutes:\nhost key verification failed\n",
  );
  expect({ asked, left }).toEqual({ asked: [], left: [] });
  expect(readFileSync(hostFile(), "utf8")).toBe(other.secret);
});

test("with rotateHostKeys all but that command pin the new key, and it runs again on another machine", async () => {
  const recorder = new Recorder({ stack: "one" });
  const aws: PlainMap = { rotateHostKeys: true };
  await hostsOn(awsEnvironment({ aws }), recorder);
  const name = "vm-one-w-0-host-key-change";
  const command = recorder.inputs("command:local:Command", name);
  expect(command).toMatchObject({
    create: hostKeyScript().text,
    update: "cat >/dev/null",
    triggers: ["vm-one-w-0-machine-id"],
  });
  expect(recorder.secrets("command:local:Command", name)).toEqual(["stdin"]);
  const [host, user, birth, kept] = String(command.stdin).split("\n");
  expect([host, user, birth, kept]).toEqual([
    "public of vm-one-w-0-machine",
    "swarmyard",
    "ssh-ed25519 vm-one-w-0-host-key",
    "ssh-ed25519 vm-one-w-0-host-key-kept",
  ]);
  for (const what of ["boot", "engine"]) {
    const { connection } = recorder.inputs("command:remote:Command", `vm-one-w-0-${what}`);
    expect(connection).toMatchObject({ hostKey: "ssh-ed25519 vm-one-w-0-host-key-kept" });
  }
  const { userData } = recorder.inputs("aws:ec2/instance:Instance", "vm-one-w-0-machine");
  expect(userData).toContain("private vm-one-w-0-host-key\n");
  expect(userData).not.toContain("host-key-kept");
});
