import { HUB_HOSTS } from "../model/image";
import { linesOf, type Script } from "../model/script";

/** What to push, and who does it. */
export interface PushValues {
  /** Name of the image on this machine's Docker engine. */
  readonly here: string;
  /** Its name in the registry. */
  readonly there: string;
  /** For a login only; user and password are empty when none is needed. */
  readonly login?: { readonly user: string; readonly password: string };
}

/**
 * Script that pushes an image of this machine's Docker engine, and prints its digest.
 *
 * For ECR there is neither: the token is requested when needed and stored nowhere. An image that
 * already exists under the same tag (the hash of its content) is not pushed again.
 *
 * @param platforms What the names of the images of several platforms end with. @default one image
 */
export function pushScript(
  kind: "ecr" | "login",
  platforms: readonly string[] = [],
): Script<PushValues> {
  return {
    text: pushText(kind, platforms),
    stdin: ({ here, there, login }) =>
      login === undefined ? linesOf(here, there) : linesOf(here, there, login.user, login.password),
  };
}

function pushText(kind: "ecr" | "login", platforms: readonly string[]): string {
  return `set -euo pipefail
IFS= read -r here
IFS= read -r there
host=\${there%%/*}
repository=\${there%:*}
# The engine leaves the name of Docker Hub out.
known_as=\${repository#docker.io/}
${kind === "ecr" ? ecrLogin : plainLogin}
${platforms.length === 0 ? pushOne : pushSeveral(platforms)}
if [ -z "$digest" ]; then echo "the engine knows no digest of $there after it was pushed" >&2; exit 1; fi
printf '%s' "$digest"
`;
}

const pushOne = `docker tag "$here" "$there"
docker --config "$config" push --quiet "$there" >/dev/null
${digestOf("$there", "$known_as")}`;

/** Lines that leave in $digest what an image that was pushed has in a repository. */
export function digestOf(image: string, repository: string, indent = ""): string {
  return `${indent}digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "${image}" |
${indent}  awk -v prefix="${repository}@" 'index($0, prefix) == 1 { print substr($0, length(prefix) + 1); exit }')`;
}

/** Pushes one image for each platform, and then the list of them. */
const pushSeveral = (platforms: readonly string[]) => `${pluginsOf("$config")}
${pushList(platforms, { here: "$here", there: "$there", known: "$known_as" })}`;

/** Makes the plugins of the operator's docker command known to a separate configuration. */
export function pluginsOf(config: string): string {
  return `plugins="\${DOCKER_CONFIG:-\${HOME:-/root}/.docker}/cli-plugins"
if [ -d "$plugins" ]; then ln -s "$plugins" "${config}/cli-plugins"; fi`;
}

/** Names in a script of an image on this machine and in a registry, and the repository as the Docker engine knows it. */
interface ListNames {
  readonly here: string;
  readonly there: string;
  readonly known: string;
}

/** Lines that push an image for each platform, then a list of them, whose digest they leave in $digest. Needs $config. */
export function pushList(platforms: readonly string[], { here, there, known }: ListNames): string {
  return `parts=()
for platform in ${platforms.join(" ")}; do
  docker tag "${here}$platform" "${there}$platform"
  docker --config "$config" push --quiet "${there}$platform" >/dev/null
${digestOf(`${there}$platform`, known, "  ")}
  if [ -z "$digest" ]; then echo "the Docker engine knows no digest of ${there}$platform after it was pushed" >&2; exit 1; fi
  parts+=("${known}@$digest")
done
said=$(docker --config "$config" buildx imagetools create --tag "${there}" "\${parts[@]}" 2>&1) || { echo "$said" >&2; exit 1; }
digest=$(docker --config "$config" buildx imagetools inspect --format '{{json .Manifest.Digest}}' "${there}" | tr -d '"')`;
}

/**
 * A separate configuration that only its owner can read and that is deleted with the script: the
 * operator's logins are neither used nor changed. Needs $user and $password.
 */
const ownConfig = `umask 077
config=$(mktemp -d)
trap 'rm -rf "$config"' EXIT
case $host in
  ${HUB_HOSTS.join(" | ")}) key=https://index.docker.io/v1/ ;;
  *) key=$host ;;
esac
if [ -n "$user" ]; then
  login=$(printf '%s:%s' "$user" "$password" | base64 | tr -d '\\n')
  printf '{"auths":{"%s":{"auth":"%s"}}}' "$key" "$login" >"$config/config.json"
fi`;

const needs = `need() {
  if command -v "$1" >/dev/null; then return; fi
  echo "pushing images to $host needs the command $1 on this machine: install it and run up again" >&2
  exit 1
}
need docker`;

const plainLogin = `IFS= read -r user
IFS= read -r password
${needs}
${ownConfig}`;

const ecrLogin = `${needs}
need aws
region=$(cut -d. -f4 <<<"$host")
known=$(aws ecr describe-images --region "$region" --registry-id "\${host%%.*}" --repository-name "\${repository#*/}" \\
  --image-ids "imageTag=\${there##*:}" --query 'imageDetails[0].imageDigest' --output text 2>/dev/null || true)
if [[ $known == sha256:* ]]; then printf '%s' "$known"; exit 0; fi
user=AWS
password=$(aws ecr get-login-password --region "$region")
${ownConfig}`;
