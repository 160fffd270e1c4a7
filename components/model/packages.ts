/** Options with which apt waits for another run of it, and gives up soon on a mirror that does not answer. */
export const APT_PATIENCE =
  "-o DPkg::Lock::Timeout=300 -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15";

/**
 * Lines of a script that install a package, with apt or dnf. Pure.
 *
 * @example
 * installLines("nfs-common", "nfs-utils");
 */
export function installLines(apt: string, dnf: string): string {
  return `  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    quickly=(${APT_PATIENCE})
    apt-get "\${quickly[@]}" -q update >/dev/null || true
    apt-get "\${quickly[@]}" -qy install --no-install-recommends ${apt} >/dev/null
  else
    dnf -y -q --setopt=timeout=15 --setopt=retries=1 install ${dnf} >/dev/null
  fi
`;
}
