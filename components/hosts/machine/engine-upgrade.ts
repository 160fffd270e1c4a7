import { APT_PATIENCE } from "../../model/packages";
import { linesOf, type Script } from "../../model/script";
import { serviceAction } from "../scripts";

/** What a machine's package sources have for its Docker engine. */
export interface EngineOffer {
  /** Name of the package, such as `docker.io`. */
  readonly package: string;
  /** Version of the package that is installed. */
  readonly installed: string;
  /** Version that the sources have: the stated one, else the newest. */
  readonly offered: string;
  /** How that version compares with the installed one. */
  readonly is: "newer" | "same" | "older";
}

/**
 * Script that prints what a machine's package sources have for its Docker engine; it changes nothing but apt's
 * lists. An empty version means the newest.
 */
export const offerScript: Script<{ readonly version: string }> = {
  text: `IFS= read -r version
if command -v apt-get >/dev/null; then
  apt-get ${APT_PATIENCE} -o APT::Update::Error-Mode=any update >&2
  for package in docker-ce docker.io ""; do
    if [ "$(dpkg-query -W -f '\${db:Status-Status}' "$package" 2>/dev/null)" = installed ]; then break; fi
  done
  newest() { apt-cache policy "$package" | awk '/Candidate:/ { print $2 }'; }
  installed() { dpkg-query -W -f '\${Version}' "$package"; }
  versions() { apt-cache madison "$package" | awk '{ print $3 }' | sort -u; }
  is_newer() { dpkg --compare-versions "$1" gt "$2"; }
else
  for package in docker-ce moby-engine docker ""; do
    if rpm -q "$package" >/dev/null 2>&1; then break; fi
  done
  newest() { dnf -q repoquery --latest-limit=1 --qf '%{evr}\\n' "$package" | tail -n 1; }
  installed() { rpm -q --qf '%{evr}' "$package"; }
  versions() { dnf -q repoquery --qf '%{evr}\\n' "$package" | sort -u; }
  is_newer() { [ "$(rpm --eval "%{lua:print(rpm.vercmp('$1', '$2'))}")" = 1 ]; }
fi
if [ -z "$package" ]; then
  echo "its Docker engine is not of a package that is known here" >&2
  exit 1
fi
has=$(installed)
offered=$version
if [ -z "$version" ]; then
  offered=$(newest)
elif [ "$version" != "$has" ] && ! versions | grep -qxF -- "$version"; then
  echo "its package sources have no $package $version; they have $(versions | paste -sd ' ')" >&2
  exit 1
fi
is=same
if is_newer "$offered" "$has"; then is=newer; fi
if is_newer "$has" "$offered"; then is=older; fi
printf '%s\\n' "$package" "$has" "$offered" "$is"
`,
  stdin: ({ version }) => linesOf(version),
};

/** Reads what {@link offerScript} printed. @throws Error when it is something else */
export function readOffer(printed: string): EngineOffer {
  const [name = "", installed = "", offered = "", is = ""] = printed.trim().split("\n").slice(-4);
  if ((is === "newer" || is === "same" || is === "older") && name !== "") {
    return { package: name, installed, offered, is };
  }
  throw new Error(`it said nothing about its packages: ${printed.trim()}`);
}

/**
 * Script that installs another version of a machine's Docker engine and waits until that one runs: it prints the
 * version that the Docker engine itself says. What the machine's files say stays.
 */
export const engineUpgradeScript: Script<Pick<EngineOffer, "package" | "offered">> = {
  text: `IFS= read -r package
IFS= read -r version
${serviceAction}
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  packages=("$package=$version")
  if [ "$package" = docker-ce ]; then
    packages+=("docker-ce-cli=$version" containerd.io)
  elif [ -n "$(apt-cache policy docker-cli 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" { print $2 }')" ]; then
    # Newer releases have the command in a package of its own.
    packages+=(docker-cli)
  fi
  apt-get ${APT_PATIENCE} -o Dpkg::Options::=--force-confold install -y --no-install-recommends "\${packages[@]}" >&2
else
  dnf install -y --setopt=timeout=15 --setopt=retries=1 "$package-$version" >&2
fi
wanted=$(dockerd --version | sed -E 's/^Docker version ([^,]+),.*/\\1/')
running() { docker version --format '{{.Server.Version}}' 2>/dev/null || true; }
# A package need not restart the Docker engine: then a program runs whose file is gone.
is_old() { for pid in $(pidof dockerd); do readlink "/proc/$pid/exe"; done | grep -q deleted; }
if [ "$(running)" != "$wanted" ] || is_old; then service_action restart docker; fi
for _ in $(seq 60); do
  if [ "$(running)" = "$wanted" ]; then
    echo "$wanted"
    exit 0
  fi
  sleep 1
done
echo "the Docker engine $wanted does not start:" >&2
{ journalctl --unit docker --lines 20 --no-pager 2>/dev/null || tail -n 20 /var/log/docker.log; } >&2 || true
exit 1
`,
  stdin: ({ package: name, offered }) => linesOf(name, offered),
};
