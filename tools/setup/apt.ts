import { readFileSync } from "node:fs";
import { findCommand, must } from "./processes";
import type { Progress } from "./progress";

/** True for root on a distribution with apt. */
export function canInstall(): boolean {
  return (
    process.getuid?.() === 0 && findCommand("apt-get") !== undefined && isDebianLike(osRelease())
  );
}

/** Whether an os-release file belongs to Debian or a derivative. Pure. */
export function isDebianLike(text: string): boolean {
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(text);
}

function osRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}

let installing: Promise<unknown> = Promise.resolve();

/** Installs packages of the distribution; one call at a time, as apt requires. */
export function aptInstall(progress: Progress, packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  const names = packages.join(" ");
  const work = async () => {
    await progress.during(`installing ${names}`, async () => {
      // A killed installation leaves dpkg half done.
      await must("Repairing an interrupted installation", "dpkg", ["--configure", "-a"], { env });
      await must("Updating the list of packages", "apt-get", [...wait, "update"], { env });
      const install = [...wait, "install", "-y", "--no-install-recommends", ...packages];
      await must(`Installing ${names}`, "apt-get", install, { env });
    });
    progress.line(`Installed ${names}.`);
  };
  const result = installing.then(work);
  installing = result.catch(() => undefined);
  return result;
}
