import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Yard } from "../e2e/yard";

const checkout = path.resolve(__dirname, "../..");

/** The version that environments are upgraded from: the last commit of 0.1.0. */
export const previousCommit = "68090a456d88b92b9fda797b840dd6f4a9bb80fe";

/** What belongs to whoever uses swarmyard: an upgrade brings no other settings and no other apps. */
const own = (yard: Yard) => [path.basename(yard.settings), "platforms"];

/**
 * Turns the yard's folder into the previous version, as a clone at that commit would be: its files
 * and the packages of its own lock file.
 *
 * @returns what turns it back into this version, with settings and apps as they then are
 * @throws when the repository's history does not reach back to the commit
 */
export function usePrevious(yard: Yard, cache: string): () => void {
  const current = yard.git("rev-parse", "HEAD").trim();
  const archive = archiveOf(previousCommit);
  yard.git("rm", "-rq", ".");
  execFileSync("tar", ["-x", "-C", yard.folder], { input: archive });
  fs.copyFileSync(path.join(yard.folder, "Pulumi.local.yaml"), yard.settings);
  usePackages(yard, packagesOf(yard.folder, cache));
  yard.commit();
  const previous = yard.git("rev-parse", "HEAD").trim();
  return () => {
    yard.git("checkout", "-q", current);
    yard.git("rm", "-rq", ...own(yard));
    yard.git("checkout", "-q", previous, "--", ...own(yard));
    usePackages(yard, path.join(checkout, "node_modules"));
    yard.commit();
  };
}

/** The files of a commit of this repository, as a tar archive. */
function archiveOf(commit: string): Buffer {
  try {
    execFileSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: checkout, stdio: "pipe" });
  } catch {
    throw new Error(
      `This clone does not have commit ${commit}, the version to upgrade from. To fetch it, run: git fetch --unshallow, or git fetch origin ${commit}`,
    );
  }
  return execFileSync("git", ["archive", commit], { cwd: checkout, maxBuffer: 2 ** 28 });
}

/** Folder with the packages of a version's lock file, which the next run finds again. */
function packagesOf(folder: string, cache: string): string {
  const lock = path.join(folder, "package-lock.json");
  const hash = createHash("sha256").update(fs.readFileSync(lock)).digest("hex");
  const home = path.join(cache, "upgrade", hash.slice(0, 16));
  const modules = path.join(home, "node_modules");
  if (!fs.existsSync(path.join(modules, ".package-lock.json"))) {
    fs.mkdirSync(home, { recursive: true });
    for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
      fs.copyFileSync(path.join(folder, name), path.join(home, name));
    }
    execFileSync("npm", ["ci", "--ignore-scripts"], { cwd: home, stdio: "pipe" });
  }
  return modules;
}

/** Lets the folder's `node_modules` be another folder. */
function usePackages(yard: Yard, modules: string): void {
  const link = path.join(yard.folder, "node_modules");
  fs.rmSync(link, { recursive: true, force: true });
  fs.symlinkSync(modules, link);
}
