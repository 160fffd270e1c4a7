import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pullRequest, writeComment } from "../../../tools/ci/github";
import { bot, GitHub } from "../../github";

let github: GitHub;

beforeEach(async () => {
  github = await GitHub.start();
});
afterEach(() => github.stop());

const request = () => ({
  api: github.url,
  repository: "me/yard",
  number: 7,
  token: "t",
  commit: "c",
});

test("the first preview makes a comment", async () => {
  expect(await writeComment(request(), "<!-- dev -->", "<!-- dev -->\nnew")).toBe("made");
  expect(github.calls).toEqual([
    "GET /repos/me/yard/issues/7/comments?per_page=100&page=1 Bearer t ",
    'POST /repos/me/yard/issues/7/comments Bearer t {"body":"<!-- dev -->\\nnew"}',
  ]);
});

test("the next one changes it, even when it is on another page, and no other comment", async () => {
  const other = (id: number) => ({ id, body: "hello <!-- dev -->", user: bot });
  github.comments = Array.from({ length: 130 }, (_, id) => other(id));
  github.comments[120] = { id: 120, body: "<!-- dev -->\nold", user: bot };
  expect(await writeComment(request(), "<!-- dev -->", "<!-- dev -->\nnew")).toBe("changed");
  expect(github.calls.at(-1)).toMatch(/^PATCH \/repos\/me\/yard\/issues\/comments\/120 /);
});

test("a comment that a stranger wrote with the same marker is left alone", async () => {
  github.comments = [{ id: 1, body: "<!-- dev -->\nmine", user: { login: "stranger" } }];
  expect(await writeComment(request(), "<!-- dev -->", "<!-- dev -->\nnew")).toBe("made");
  expect(github.comments.map(({ body }) => body)).toEqual([
    "<!-- dev -->\nmine",
    "<!-- dev -->\nnew",
  ]);
});

test("a refusal says which right is missing, and shows no token", async () => {
  github.status = 403;
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
  writeFileSync(path, JSON.stringify({ pull_request: { number: 7, head: { sha: "abc" } } }));
  expect(() => pullRequest({ ...env, GITHUB_TOKEN: "" })).toThrow(
    "There is no token to comment on pull request 7.\nGive the step in the workflow: env: { GITHUB_TOKEN: ${{ github.token }} }",
  );
  rmSync(folder, { recursive: true });
});
