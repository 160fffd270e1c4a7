import { HUB_HOSTS, parseImage } from "../../../model/image";
import type { ImageSpec } from "../../../model/platform/service-spec";
import type { ImageBuild } from "../../../model/platform/spec";
import type { Keys } from "../../../model/problem";
import { member, type Node, shown } from "../../tree";
import type { Context } from "../context";
import { given } from "../values";
import { buildOf } from "./build";

/** Stands for an image that is wrong, so that the rest of its service is still checked. */
const REFUSED = "refused:0";

/** The image of a service, and how it is built when it is. */
export interface ServiceImage {
  readonly image?: ImageSpec;
  readonly build?: ImageBuild;
  /** As written, for Docker's own label. */
  readonly written?: string;
}

/** The image of a service: built when there is a Dockerfile, else the reference. */
export function imageOf(service: Node, name: string, context: Context): ServiceImage {
  const keys = ["services", name];
  const node = member(service, "image");
  const written = context.values.text(node, [...keys, "image"]);
  const stated = member(service, "build");
  const build =
    stated === undefined ? undefined : buildOf(stated, written, [...keys, "build"], context);
  if (build !== undefined) return given({ image: { build: name }, build, written });
  if (written !== undefined && node !== undefined) {
    return given({ image: reference(written, node, [...keys, "image"], context), written });
  }
  if (stated === undefined) {
    context.findings.wrong(service.at, keys, {
      found: "a service without an image",
      allowed: "`image`, or `build` with a folder that has a Dockerfile",
      fix: "`image: <image>`",
    });
  }
  return { image: REFUSED };
}

/** The reference in Docker's familiar form: without Docker Hub's names and with a tag. */
function reference(
  written: string,
  node: Node,
  keys: Keys,
  { findings }: Context,
): string | undefined {
  const placeholder = /<[^<>]+>/.exec(written)?.[0];
  if (placeholder !== undefined) {
    findings.wrong(node.at, keys, {
      found: `the placeholder \`${placeholder}\`, which nobody filled in`,
      allowed: "an image such as `registry.example.org/app:1.0`",
      fix: `your own value for \`${placeholder}\`, or a variable such as \`\${REGISTRY}\``,
    });
    return undefined;
  }
  const parts = parseImage(written);
  if ("wrong" in parts) {
    findings.wrong(node.at, keys, {
      found: `${shown(node)}, which ${parts.wrong}`,
      allowed: "an image such as `redis:7`",
      fix: "`redis:7`",
    });
    return undefined;
  }
  const hub = HUB_HOSTS.find((host) => parts.repository.startsWith(`${host}/`));
  const short = hub === undefined ? parts.repository : parts.repository.slice(hub.length + 1);
  const repository = /^library\/[^/]+$/.test(short) ? short.slice("library/".length) : short;
  const tag = parts.tag ?? (parts.digest === undefined ? "latest" : undefined);
  return `${repository}${tag === undefined ? "" : `:${tag}`}${parts.digest === undefined ? "" : `@${parts.digest}`}`;
}
