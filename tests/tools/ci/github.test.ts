import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pullRequest, writeComment } from "../../../tools/ci/github";

let server: Server;
let api: string;
let calls: string[];
let comments: { id: number; body: string }[];
let status: number;

beforeEach(async () => {
  calls = [];
  comments = [];
  status = 200;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      calls.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      const url = new URL(request.url ?? "/", "http://x");
      const page = Number(url.searchParams.get("page") ?? 1);
      const answer = request.method === "GET" ? comments.slice((page - 1) * 100, page * 100) : {};
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((done) => server.close(done)));

const request = () => ({ api, repository: "me/yard", number: 7, token: "t", commit: "c" });

test("the first preview makes a comment", async () => {
  expect(await writeComment(request(), "<!-- dev -->", "<!-- dev -->\nnew")).toBe("made");
  expect(calls).toEqual([
    "GET /repos/me/yard/issues/7/comments?per_page=100&page=1 Bearer t ",
    'POST /repos/me/yard/issues/7/comments Bearer t {"body":"<!-- dev -->\\nnew"}',
  ]);
});

test("the next one changes it, also when it is on another page, and no other comment", async () => {
  comments = Array.from({ length: 130 }, (_, id) => ({ id, body: "hello <!-- dev -->" }));
  comments[120] = { id: 120, body: "<!-- dev -->\nold" };
  expect(await writeComment(request(), "<!-- dev -->", "<!-- dev -->\nnew")).toBe("changed");
  expect(calls.at(-1)).toMatch(/^PATCH \/repos\/me\/yard\/issues\/comments\/120 /);
});

test("a refusal says which right is missing, and shows no token", async () => {
  status = 403;
  await expect(writeComment(request(), "m", "m")).rejects.toThrow(
    /GitHub answered 403 to GET .*\nThe workflow needs `permissions: pull-requests: write`/,
  );
});

test("the pull request is that of the runner's event", () => {
  const folder = mkdtempSync(join(tmpdir(), "event-"));
  const path = join(folder, "event.json");
  const env = { GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: "me/yard", GITHUB_TOKEN: "t" };
  writeFileSync(path, JSON.stringify({ pull_request: { number: 7, head: { sha: "abc" } } }));
  expect(pullRequest(env)).toEqual({ ...request(), api: "https://api.github.com", commit: "abc" });
  writeFileSync(path, JSON.stringify({ ref: "refs/heads/main" }));
  expect(pullRequest(env)).toBeUndefined();
  expect(pullRequest({})).toBeUndefined();
  rmSync(folder, { recursive: true });
});
