import { type ComposeRequest, readCompose } from "../../components/compose/read-compose";
import type { PlatformSpec } from "../../components/model/platform/spec";
import type { Problem } from "../../components/model/problem";

/** Files by their path; those without a folder are in the platform's. */
export type Files = { readonly [path: string]: string };

/** Reads compose files from memory. The folder is /shop; `compose.yaml` is the file unless others are named. */
export function read(files: Files | string, options: Partial<ComposeRequest> = {}) {
  const all = typeof files === "string" ? { "compose.yaml": files } : files;
  const at = new Map(
    Object.entries(all).map(([path, text]) => [
      path.startsWith("/") ? path : `/shop/${path}`,
      text,
    ]),
  );
  return readCompose({
    files: ["compose.yaml"],
    read: (path) => at.get(path),
    variables: { HOME: "/home/me" },
    name: "shop",
    folder: "/shop",
    ...options,
  });
}

/** The spec of files without problems. */
export function specOf(files: Files | string, options: Partial<ComposeRequest> = {}): PlatformSpec {
  const { spec, problems } = read(files, options);
  if (problems.length > 0 || spec === undefined) throw new Error(problems.map(brief).join("\n"));
  return spec as PlatformSpec;
}

/** A service with one field, as its file says it. */
export function serviceOf(yaml: string, more = "", options: Partial<ComposeRequest> = {}) {
  const indented = yaml.trim().replaceAll("\n", "\n    ");
  const { services } = specOf(
    `services:\n  web:\n    image: nginx:1\n    ${indented}\n${more}`,
    options,
  );
  const { web } = services;
  if (web === undefined) throw new Error("there is no service");
  const { image: _, labels, ...rest } = web;
  const { "com.docker.stack.image": __, ...own } = labels ?? {};
  return {
    ...rest,
    ...(Object.keys(own).length === 0 ? {} : { labels: own }),
  };
}

/** `compose.yaml:3:5 services.web.image: found → fix`. */
export function brief({ line, path, found, fix }: Problem): string {
  return `${line} ${path.replace(/^[^:]+: /, "")}: ${found} → ${fix}`;
}

/** What is wrong with files, each in one line. */
export function problemsOf(files: Files | string, options: Partial<ComposeRequest> = {}) {
  return read(files, options).problems.map(brief);
}
