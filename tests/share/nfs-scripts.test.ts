import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  nfsMountScript,
  nfsServeNoMoreScript,
  nfsServerScript,
  nfsUnmountScript,
} from "../../components/share/nfs-scripts";
import { lintScripts } from "../lint-scripts";
import { FolderMachine } from "./machine";

lintScripts({
  mount: nfsMountScript.text,
  unmount: nfsUnmountScript,
  serve: nfsServerScript.text,
  "serve no more": nfsServeNoMoreScript,
});

let machine: FolderMachine;
let target: string;
beforeEach(() => {
  machine = new FolderMachine();
  target = join(machine.folder, "share");
});
afterEach(() => machine.remove());

const own = "# the machine's own\nUUID=1 / ext4 defaults 0 1\n";
const input = (options = "hard") =>
  nfsMountScript.stdin({ server: "10.0.0.5", exported: "/exports/yard", options, target });
const mount = (options?: string) => machine.run(nfsMountScript.text, input(options));

// This kernel has no NFS: these tests see what mount is asked, and what would be mounted at boot.
describe("mounting a folder of an NFS server (what mount is asked; nothing is mounted)", () => {
  test("adds one line to the table, with the options, and leaves the others", () => {
    expect(mount("nfsvers=4.1,hard")).toMatchObject({ status: 0, asked: [`mount ${target}`] });
    const line = `10.0.0.5:/exports/yard ${target} nfs nfsvers=4.1,hard,_netdev,x-swarmyard 0 0\n`;
    expect(machine.read("etc/fstab")).toBe(own + line);
    expect(mount("nfsvers=4.1,hard")).toMatchObject({ status: 0, asked: [] });
    expect(machine.read("etc/fstab")).toBe(own + line);
  });

  test("with other options stops the Docker engine while the old mount goes", () => {
    mount();
    expect(mount("soft").asked).toEqual([
      "service docker stop",
      `umount ${target}`,
      `mount ${target}`,
      "service docker start",
    ]);
    expect(machine.read("etc/fstab")).toContain("nfs soft,_netdev");
  });

  test("is refused where the machine mounts something else of its own", () => {
    machine.write("etc/fstab", `nas:/x ${target} nfs hard 0 0\n`);
    const { status, complaint, asked } = mount();
    expect({ status, asked }).toEqual({ status: 1, asked: [] });
    expect(complaint).toBe(
      `${machine.folder}/etc/fstab of this machine mounts something else at ${target}: remove its line, choose another \`path\`, or use \`kind: existing\`\n`,
    );
  });

  test("says that the kernel lacks NFS, once the server answers", () => {
    machine.program("mount", "exit 32");
    machine.write("filesystems", "nodev\ttmpfs\n");
    machine.program("timeout", `[ "$1" = 5 ] && exit 0; shift; "$@"`);
    const { status, complaint } = mount();
    expect(status).toBe(1);
    expect(complaint).toBe(
      `could not mount 10.0.0.5:/exports/yard at ${target}.\nthe kernel of this machine has no NFS client.\n`,
    );
  });

  test("is undone without a trace, except for data: a folder that is not empty stays", () => {
    mount();
    expect(machine.run(nfsUnmountScript, input())).toMatchObject({
      status: 0,
      asked: [`umount ${target}`],
    });
    expect(machine.read("etc/fstab")).toBe(own);
    expect([machine.has("share"), machine.has("etc/swarmyard")]).toEqual([false, false]);

    mount();
    machine.write("share/precious", "data");
    expect(machine.run(nfsUnmountScript, input()).status).toBe(0);
    expect(machine.read("share/precious")).toBe("data");
  });

  test("is undone only when nothing uses it", () => {
    mount();
    machine.program("umount", "exit 32");
    const { status, complaint } = machine.run(nfsUnmountScript, input());
    expect([status, complaint]).toEqual([
      1,
      `${target} is in use on this machine: stop what uses 10.0.0.5:/exports/yard there\n`,
    ]);
    expect(machine.read("etc/fstab")).toContain("x-swarmyard");
  });
});

describe("serving a folder (what the server is asked; nothing is served)", () => {
  const values = (...clients: string[]) => nfsServerScript.stdin({ target, clients });

  test("exports it to the addresses of the other machines and to nobody else", () => {
    const { status, asked } = machine.run(nfsServerScript.text, values("10.0.0.2", "10.0.0.3"));
    expect({ status, asked }).toEqual({
      status: 0,
      asked: ["modprobe nfsd", "service nfs-kernel-server start", "exportfs -ra"],
    });
    const options = "(rw,sync,no_subtree_check,no_root_squash)";
    expect(machine.read("etc/exports.d/swarmyard.exports")).toBe(
      `${target} 10.0.0.2${options} 10.0.0.3${options}\n`,
    );
  });

  test("exports nothing where there is no other machine: a line without clients means everybody", () => {
    machine.run(nfsServerScript.text, values());
    expect(machine.read("etc/exports.d/swarmyard.exports")).toBe("\n");
  });

  test("is refused by a kernel without a server, before anything is written", () => {
    machine.write("filesystems", "nodev\tnfs4\n");
    const { status, complaint } = machine.run(nfsServerScript.text, values("10.0.0.2"));
    expect([status, complaint]).toEqual([
      1,
      "the kernel of this machine has no NFS server: name another host as `server`\n",
    ]);
    expect(machine.has("etc/exports.d/swarmyard.exports")).toBe(false);
  });

  test("ends without touching what is in the folder, and removes only what it installed", () => {
    mkdirSync(target);
    machine.write("share/precious", "data");
    machine.run(nfsServerScript.text, values("10.0.0.2"));
    expect(machine.run(nfsServeNoMoreScript, values("10.0.0.2"))).toMatchObject({
      status: 0,
      asked: ["exportfs -ra"],
    });
    expect(machine.has("etc/exports.d")).toBe(false);
    expect(machine.read("share/precious")).toBe("data");

    machine.without("exportfs");
    machine.program(
      "apt-get",
      `case "$*" in *install*) printf '#!/bin/sh\\n' >${machine.folder}/bin/exportfs; chmod +x ${machine.folder}/bin/exportfs ;; *purge*) echo purged ;; esac`,
    );
    expect(machine.run(nfsServerScript.text, values("10.0.0.2")).status).toBe(0);
    expect(machine.has("etc/swarmyard/installed-nfs-kernel-server")).toBe(true);
    expect(machine.run(nfsServeNoMoreScript, values("10.0.0.2")).status).toBe(0);
    expect(machine.has("etc/swarmyard")).toBe(false);
  });
});
