import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A machine in a folder: mount, packages and services only note what they are asked. A test removes it.
 */
export class FolderMachine {
  public readonly folder = mkdtempSync(join(tmpdir(), "swarmyard-share-"));

  constructor() {
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(join(this.folder, "etc"));
    this.write("etc/fstab", "# the machine's own\nUUID=1 / ext4 defaults 0 1\n");
    this.write("filesystems", "nodev\tnfs4\nnodev\tnfsd\n");
    const notes = `echo "$(basename "$0") $*" >>${this.folder}/asked`;
    for (const name of ["service", "exportfs", "modprobe", "apt-get", "sleep"]) {
      this.program(name, notes);
    }
    const { folder } = this;
    this.program("mount.nfs", "true");
    this.program("mountpoint", `test -e ${folder}/mounted`);
    this.program("mount", `${notes}\ntouch ${folder}/mounted`);
    this.program("umount", `${notes}\nrm ${folder}/mounted`);
  }

  program(name: string, text: string): void {
    writeFileSync(join(this.folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }

  without(program: string): void {
    rmSync(join(this.folder, "bin", program));
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Runs a script on it. @returns what it said, and the programs that it asked, without pauses */
  run(text: string, input: string) {
    this.write("asked", "");
    const script = text
      .replaceAll("/etc/", `${this.folder}/etc/`)
      .replaceAll("/run/systemd/system", `${this.folder}/none`)
      .replaceAll("/proc/filesystems", `${this.folder}/filesystems`);
    const ran = spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", script], {
      input,
      encoding: "utf8",
      env: { ...process.env, PATH: `${this.folder}/bin:${process.env.PATH}` },
    });
    const asked = this.read("asked").split("\n");
    return {
      status: ran.status,
      said: ran.stdout,
      complaint: ran.stderr,
      asked: asked.filter((line) => line !== "" && !line.startsWith("sleep")),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
