import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Failure } from "./failure";
import { must } from "./processes";

/** Where official downloads come from, unless `SWARMYARD_DOWNLOADS` says otherwise. */
export const officialDownloads = "https://get.pulumi.com/releases";

/** A site that has not answered after this time counts as unreachable. */
const answerMs = 5_000;
/** A download that sends nothing for this long has died. */
const stallMs = 20_000;

/** The address of a download site, unless someone on the way could pose as it. @throws Failure then */
export function requireSafe(base: string): string {
  const { protocol, hostname } = URL.canParse(base)
    ? new URL(base)
    : { protocol: "", hostname: "" };
  const here = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol === "https:" || (protocol === "http:" && here)) return base;
  throw new Failure(
    `SWARMYARD_DOWNLOADS is ${base}, whose programs anyone on the way could exchange.`,
    "Set it to an address that begins with https://",
  );
}

/** The download site's names for this machine's system. Pure. */
export function archiveName(version: string, platform: string, arch: string): string {
  const os = platform === "win32" ? "windows" : platform;
  return `pulumi-v${version}-${os}-${arch}.tar.gz`;
}

/** The SHA-256 of a file in a checksums file; undefined when it is not listed. Pure. */
export function checksumOf(checksums: string, file: string): string | undefined {
  for (const line of checksums.split("\n")) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name === file && /^[0-9a-f]{64}$/i.test(sum ?? "")) {
      return sum?.toLowerCase();
    }
  }
  return undefined;
}

/**
 * Downloads the official command line, compares its published checksum, and unpacks it.
 *
 * @param folder becomes the unpacked archive, whole or not at all
 * @throws Error with the reason, in a few words
 */
export async function downloadPulumi(
  base: string,
  version: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const file = archiveName(version, process.platform, process.arch);
  const checksums = await open(`${base}/sdk/pulumi-${version}-checksums.txt`, signal);
  const wanted = checksumOf(await checksums.text(), file);
  if (wanted === undefined) {
    throw new Error(`the published checksums do not list ${file}`);
  }
  const part = `${folder}.part-${process.pid}`;
  mkdirSync(dirname(part), { recursive: true });
  try {
    const found = await save(await open(`${base}/sdk/${file}`, signal), `${part}.tar.gz`, signal);
    if (found !== wanted) {
      throw new Error(`${file} has the checksum ${found}, but the published one is ${wanted}`);
    }
    mkdirSync(part, { recursive: true });
    await must("Unpacking Pulumi", "tar", ["-xzf", `${part}.tar.gz`, "-C", part]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
    rmSync(`${part}.tar.gz`, { force: true });
  }
}

/** Whether a site answers within a few seconds. */
export async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { body } = await request(url, signal, "HEAD");
    await body?.cancel();
    return true;
  } catch {
    return false;
  }
}

async function open(url: string, signal: AbortSignal): Promise<Response> {
  const response = await request(url, signal, "GET");
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url} answers ${response.status}`);
  }
  return response;
}

async function request(url: string, signal: AbortSignal, method: string): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), answerMs);
  try {
    return await fetch(url, { method, signal: AbortSignal.any([late.signal, signal]) });
  } catch (error) {
    const why = late.signal.aborted ? "does not answer" : "cannot be reached";
    throw new Error(`${new URL(url).host} ${why}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Writes a response to a file. @returns its SHA-256 */
async function save(response: Response, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), stallMs);
  const source = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  source.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), stallMs);
  });
  try {
    const either = AbortSignal.any([stalled.signal, signal]);
    await pipeline(source, createWriteStream(path), { signal: either });
  } catch (error) {
    throw stalled.signal.aborted ? new Error("the download has stalled") : error;
  } finally {
    clearTimeout(timer);
  }
  return hash.digest("hex");
}
