import { readFileSync } from "node:fs";
import { Failure } from "../setup/failure";

/** A pull request that a workflow runs for. */
export interface PullRequest {
  readonly api: string;
  readonly repository: string;
  readonly number: number;
  readonly token: string;
  /** Commit that is proposed. */
  readonly commit: string;
}

/**
 * The pull request that GitHub's runner describes in the environment; undefined outside one.
 *
 * @throws Failure in one whose step has no token
 */
export function pullRequest(env: NodeJS.ProcessEnv): PullRequest | undefined {
  const { GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = env;
  if (!path || !repository) return undefined;
  const event = JSON.parse(readFileSync(path, "utf8"));
  const number = event.pull_request?.number;
  if (typeof number !== "number") return undefined;
  if (!token) {
    throw new Failure(
      `There is no token to comment on pull request ${number}.`,
      "Give the step in the workflow: env: { GITHUB_TOKEN: ${{ github.token }} }",
    );
  }
  const commit = String(event.pull_request.head?.sha ?? "");
  const api = env.GITHUB_API_URL ?? "https://api.github.com";
  return { api, repository, number, token, commit };
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login?: string } | null;
}

/** Who writes with the token that a workflow is given. */
const author = "github-actions[bot]";

/** Writes a comment, replacing the one with the same marker. */
export async function writeComment(
  request: PullRequest,
  marker: string,
  body: string,
): Promise<"made" | "changed"> {
  const issue = `/repos/${request.repository}/issues`;
  const mine = await findComment(request, `${issue}/${request.number}/comments`, marker);
  if (mine === undefined) {
    await call(request, "POST", `${issue}/${request.number}/comments`, { body });
    return "made";
  }
  await call(request, "PATCH", `${issue}/comments/${mine.id}`, { body });
  return "changed";
}

async function findComment(request: PullRequest, path: string, marker: string) {
  for (let page = 1; ; page += 1) {
    const comments = (await call(request, "GET", `${path}?per_page=100&page=${page}`)) as Comment[];
    const found = comments.find(
      ({ body, user }) => user?.login === author && (body?.startsWith(marker) ?? false),
    );
    if (found !== undefined || comments.length < 100) return found;
  }
}

async function call(request: PullRequest, method: string, path: string, body?: object) {
  const answer = await fetch(`${request.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${request.token}`,
      accept: "application/vnd.github+json",
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new Failure(
      `GitHub answered ${answer.status} to ${method} ${path}.`,
      "The workflow needs `permissions: pull-requests: write`.",
    );
  }
  return (await answer.json()) as unknown;
}
