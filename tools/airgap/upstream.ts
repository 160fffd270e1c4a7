import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The services of the AWS provider that are compiled. All of its about 260 services take half an
 * hour and make a program of a gigabyte; those that our program uses, and what they need, take a fifth of that.
 */
export const awsServices = ["ec2", "ecr", "efs", "iam", "meta", "organizations", "ssm", "sts"];

/** Folders of the provider's module that make a program. */
const copiedFolders = ["internal", "names", "version"];

const serviceList = join("internal", "provider", "sdkv2", "service_packages_gen.go");
const clientList = join("internal", "conns", "awsclient_gen.go");

/** The list of service packages with only the named ones in it. Pure. */
export function keepServices(text: string, services: readonly string[]): string {
  const kept = new Set(services);
  const lines = text.split("\n").filter((line) => {
    const [, imported, listed] =
      /internal\/service\/(\w+)"|^\t\t(\w+)\.ServicePackage\(/.exec(line) ?? [];
    const service = imported ?? listed;
    return service === undefined || kept.has(service);
  });
  return lines.join("\n");
}

/** The names of the client functions that a Go file calls. Pure. */
export function calledClients(text: string): readonly string[] {
  return [...text.matchAll(/\.(\w+Client)\(/g)].map(([, name]) => name as string);
}

/** The list of API clients with only those that are called, and their imports. Pure. */
export function keepClients(text: string, called: ReadonlySet<string>): string {
  const client = /^func \(c \*AWSClient\) (\w+)\(.*\{\n.*\n\}\n\n?/gm;
  const fewer = text.replace(client, (whole, name) => (called.has(name) ? whole : ""));
  const imported = /^\t(?:(\w+) )?"github\.com\/aws\/aws-sdk-go-v2\/service\/(\w+)"\n/gm;
  return fewer.replace(imported, (whole, alias, name) =>
    fewer.includes(`*${alias ?? name}.Client `) ? whole : "",
  );
}

/** Copies the provider's module without its tests and without the services that are not named. */
export function copyUpstream(from: string, to: string, services: readonly string[]): void {
  const called = new Set<string>();
  for (const path of copiedFolders.flatMap((folder) => filesOf(from, folder, services))) {
    const content = readFileSync(join(from, path));
    if (path.endsWith(".go") && path !== clientList) {
      for (const name of calledClients(content.toString())) called.add(name);
    }
    write(to, path, content);
  }
  write(to, "go.mod", readFileSync(join(from, "go.mod")));
  shorten(to, serviceList, (text) => keepServices(text, services));
  shorten(to, clientList, (text) => keepClients(text, called));
}

function filesOf(root: string, folder: string, services: readonly string[]): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.name.endsWith("_test.go") ? [] : [path];
    const unused = folder === join("internal", "service") && !services.includes(entry.name);
    return unused || entry.name === "testdata" ? [] : filesOf(root, path, services);
  });
}

// Not copied with their modes: files of Go's module cache are read-only.
function write(root: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function shorten(root: string, path: string, change: (text: string) => string): void {
  const text = readFileSync(join(root, path), "utf8");
  const shorter = change(text);
  if (shorter === text) {
    throw new Error(
      `${path} of the AWS provider no longer has the expected form: nothing to leave out`,
    );
  }
  write(root, path, shorter);
}
