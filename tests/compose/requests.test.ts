import { existsSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { readCompose } from "../../components/compose/read-compose";
import { compare } from "./compare";
import { type Post, planOf, postsOf } from "./deploy";
import { differences, meant } from "./differences";

/**
 * Files of ours with the requests that `docker stack deploy` 28.2.2 sends for them, recorded in the
 * same way as the shared cases: by a stand-in for a Docker engine. What is empty is left out.
 */
const folder = posix.join(__dirname, "requests");
const variables = { TOKEN: "t", COLOR: "blue", FLAVOUR: "sweet", ALONE: "a", HOME: "/root" };

interface Recorded {
  readonly name: string;
  readonly files?: readonly string[];
  readonly variables?: { readonly [name: string]: string };
  readonly lenient?: boolean;
  /** What differs, and is meant to. */
  readonly differs?: readonly string[];
}

const recorded: readonly Recorded[] = [
  {
    name: "left-out",
    differs: [
      'services st_cache.TaskTemplate.ContainerSpec.Mounts: we send [{"BindOptions":{"CreateMountpoint":true,"Propagation":"rslave"},"Source":"/srv/cache","Target":"/data","Type":"bind"},{"BindOptions":{"ReadOnlyForceRecursive":true},"ReadOnly":true,"Source":"/srv/keys","Target":"/keys","Type":"bind"}], Docker [{"BindOptions":{"Propagation":"rslave"},"Source":"/srv/cache","Target":"/data","Type":"bind"},{"ReadOnly":true,"Source":"/srv/keys","Target":"/keys","Type":"bind"}]',
      'services st_shell.TaskTemplate.ContainerSpec.Args: we send ["world"], Docker ["${NAME:-world}"]',
      'services st_shell.TaskTemplate.ContainerSpec.Env: we send ["URL=http://localhost:80/"], Docker ["URL=http://localhost:${PORT:-80}/"]',
      'services st_web.TaskTemplate.ContainerSpec.Mounts: we send [{"Target":"/dev/shm","TmpfsOptions":{"SizeBytes":268435456},"Type":"tmpfs"},{"Target":"/run","Type":"tmpfs"},{"Target":"/tmp","TmpfsOptions":{"Mode":1016,"SizeBytes":67108864},"Type":"tmpfs"}], Docker nothing',
      'services st_web.TaskTemplate.ContainerSpec.Privileges: we send {"NoNewPrivileges":true,"Seccomp":{"Mode":"unconfined"}}, Docker nothing',
      'services st_web.TaskTemplate.RestartPolicy: we send {"Condition":"none"}, Docker nothing',
    ],
  },
  {
    name: "lenient",
    lenient: true,
    differs: [
      'services st_gpu.EndpointSpec.Ports: we send [{"Protocol":"tcp","PublishMode":"ingress","PublishedPort":8080,"TargetPort":80}], Docker [{"Protocol":"tcp","PublishMode":"overlay","PublishedPort":8080,"TargetPort":80}]',
      'services st_gpu.TaskTemplate.Resources: we send nothing, Docker {"Reservations":{"GenericResources":[{"DiscreteResourceSpec":{"Kind":"NVIDIA-GPU"}}]}}',
    ],
  },
  { name: "addresses" },
  { name: "empty" },
  { name: "variables", variables },
  {
    name: "second",
    files: ["first.yaml", "second.yaml"],
    differs: [
      'services st_web.EndpointSpec.Ports: we send [{"Protocol":"udp","PublishMode":"ingress","PublishedPort":53,"TargetPort":53}], Docker []',
      'services st_web.TaskTemplate.ContainerSpec.Healthcheck.Test: we send [], Docker ["/first"]',
    ],
  },
  { name: "over", files: ["under.yaml", "over.yaml"] },
  {
    name: "later",
    files: ["earlier.yaml", "later.yaml"],
    variables,
    differs: [
      'services st_web.TaskTemplate.ContainerSpec.Configs: we send [{"ConfigID":"config:st_rules","ConfigName":"st_rules","File":{"GID":"0","Mode":292,"Name":"rules","UID":"0"}}], Docker []',
      'services st_web.TaskTemplate.ContainerSpec.Env: we send ["SINCE=2024-01-31"], Docker ["SINCE=2024-01-31 00:00:00 +0000 UTC"]',
    ],
  },
];

function readText(file: string): string | undefined {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8") : undefined;
}

async function differencesOf({ name, files = [`${name}.yaml`], ...more }: Recorded) {
  const { spec, problems } = readCompose({
    files,
    folder,
    read: readText,
    variables: more.variables ?? { HOME: "/root" },
    name: "st",
    lenient: more.lenient ?? false,
  });
  expect(problems).toEqual([]);
  const { plan, findings } = planOf("st", spec ?? {});
  expect(findings).toEqual([]);
  if (plan === undefined) throw new Error("there is no plan");
  const posts = await postsOf(plan, (file) => readText(posix.join(folder, file)) ?? "");
  const golden: readonly Post[] = JSON.parse(readText(posix.join(folder, `${name}.json`)) ?? "");
  return compare(posts, golden);
}

describe("requests that Docker sends for files of ours", () => {
  test.each(recorded.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    expect(await differencesOf(one)).toEqual(one.differs ?? []);
  });

  test("every meant difference is there, with a reason", async () => {
    const seen = (await Promise.all(recorded.map(differencesOf))).flat();
    expect(meant.filter(({ line }) => !seen.some((text) => line.test(text)))).toEqual([]);
    const short = [...meant, ...differences].filter(({ reason }) => reason.length < 20);
    expect(short).toEqual([]);
  });
});
