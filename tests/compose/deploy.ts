import { planPlatforms } from "../../components/config/platforms/plan";
import { presentIn } from "../../components/config/platforms/present";
import { readLeniently } from "../../components/config/schema/explain";
import { platformSchema } from "../../components/config/schema/platform";
import { engineClient } from "../../components/engine/client";
import { mapValues } from "../../components/model/merge";
import type { PlatformPlan, ServicePlan } from "../../components/model/platform/plan";
import type { Finding } from "../../components/model/problem";
import type { FileReference } from "../../components/model/service/inputs";
import type { Properties } from "../../components/model/values";
import { configKind } from "../../components/provider/content/config";
import { secretKind } from "../../components/provider/content/secret";
import type { KindContext } from "../../components/provider/context";
import { networkKind } from "../../components/provider/network/kind";
import { createService } from "../../components/provider/service/apply";
import { serviceKind } from "../../components/provider/service/kind";
import { contextWith } from "../provider/service/stub-context";

/** A request that makes something, as the goldens have them. */
export interface Post {
  readonly post: string;
  readonly body: Properties;
}

const defaults = {
  sharePath: "/mnt/share",
  platformPool: "10.201.0.0/16",
  discovery: "vip",
  publish: "ingress",
  hostname: "container",
} as const;

/** The plan of a platform, and what config says about it. */
export function planOf(
  name: string,
  written: object,
): { readonly plan?: PlatformPlan; readonly findings: readonly string[] } {
  const { value, findings } = readLeniently(platformSchema, written);
  const texts = findings.map(
    ({ keys, found, allowed }) => `${keys.join(".")}: ${found}; ${allowed}`,
  );
  if (value === undefined) return { findings: texts };
  const [planned] = planPlatforms([{ name, spec: presentIn("test", value) }], defaults);
  return { plan: planned?.plan, findings: texts };
}

/**
 * All that the provider sends to a swarm that has nothing but what is external.
 *
 * @param read gives the content of a file
 */
export async function postsOf(
  plan: PlatformPlan,
  read: (file: string) => string,
): Promise<readonly Post[]> {
  const posts: Post[] = [];
  const context = recording(posts);
  for (const network of Object.values(plan.networks)) {
    if (network.kind === "external") continue;
    const { kind: _, ...args } = network;
    const { inputs, problems } = networkKind.check(defined(args), undefined, context);
    refuse(`network ${network.name}`, problems);
    await networkKind.create(inputs as never, context);
  }
  const contents = { secrets: new Map<string, string>(), configs: new Map<string, string>() };
  for (const section of ["secrets", "configs"] as const) {
    for (const [key, content] of Object.entries(plan[section])) {
      contents[section].set(key, content.name);
      if (content.kind === "external") continue;
      const kind = section === "secrets" ? secretKind : configKind;
      const data =
        content.kind === "file"
          ? read(content.file)
          : "content" in content
            ? content.content
            : "value" in content
              ? content.value
              : "";
      const { name: base, labels, templateDriver } = content;
      const { inputs, problems } = kind.check(
        defined({ base, data, labels, templateDriver }),
        undefined,
        context,
      );
      refuse(`${section} ${key}`, problems);
      contents[section].set(key, String(inputs.name));
      await kind.create(inputs as never, context);
    }
  }
  for (const service of Object.values(plan.services)) {
    const { inputs, problems } = serviceKind.check(argsOf(service, contents), undefined, context);
    refuse(`service ${service.name}`, problems);
    await createService(inputs as never, context);
  }
  return posts;
}

/** What the room `services` makes of a service. */
function argsOf(
  { dependsOn: _, image, secrets, configs, ...same }: ServicePlan,
  contents: { readonly [section in "secrets" | "configs"]: ReadonlyMap<string, string> },
): Properties {
  const named = (
    files: { readonly [target: string]: FileReference } | undefined,
    section: "secrets" | "configs",
  ) =>
    files &&
    mapValues(files, (file) => ({
      ...file,
      source: contents[section].get(file.source) ?? file.source,
    }));
  return defined({
    ...same,
    image: image.kind === "reference" ? image.reference : `built/${image.build}:latest`,
    secrets: named(secrets, "secrets"),
    configs: named(configs, "configs"),
  });
}

function refuse(what: string, problems: readonly Finding[]): void {
  if (problems.length === 0) return;
  throw new Error(
    problems.map(({ keys, found }) => `${what}: ${keys.join(".")} ${found}`).join("; "),
  );
}

function defined(value: object): Properties {
  return JSON.parse(JSON.stringify(value));
}

/** A Docker engine that has every external object, and remembers what it is asked to make. */
function recording(posts: Post[]): KindContext {
  const engine = engineClient(async ({ method, path, query, body }) => {
    if (method === "POST") {
      posts.push({ post: path, body: defined(body ?? {}) });
      return { ID: `id-${posts.length}` };
    }
    const [, kind = "", id] = path.split("/");
    if (kind === "networks" && id !== undefined) {
      return { Name: id, Id: id, Driver: "bridge", Scope: "swarm" };
    }
    const names = (
      query as { readonly filters?: { readonly name?: readonly string[] } } | undefined
    )?.filters?.name;
    if (kind === "secrets" || kind === "configs") {
      return (names ?? []).map((name) => ({
        ID: `${kind.slice(0, -1)}:${name}`,
        Spec: { Name: name },
      }));
    }
    if (path === "/version") return { ApiVersion: "1.47", Version: "28.0.0" };
    if (path === "/nodes") return [];
    if (["networks", "services", "nodes"].includes(kind)) return [];
    throw new Error(`nothing at ${path}`);
  });
  return { ...contextWith({}), manager: async () => engine, node: async () => engine };
}
