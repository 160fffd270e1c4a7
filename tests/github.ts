import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment on a pull request. */
export interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** Who writes with the token of a workflow. */
export const bot = { login: "github-actions[bot]" };

/** The part of GitHub's API that comments on pull requests, in this process. */
export class GitHub {
  /** Each call: method, path, what it is authorized by, and its body. */
  public readonly calls: string[] = [];
  public comments: Comment[] = [];
  /** What every call is answered with. */
  public status = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<GitHub> {
    const server = createServer();
    const github = new GitHub(server);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body = Buffer.concat(parts).toString();
        github.calls.push(
          `${request.method} ${request.url} ${request.headers.authorization} ${body}`,
        );
        const answer = github.answer(request.method ?? "", request.url ?? "/", body);
        response.writeHead(github.status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return github;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(method: string, path: string, text: string): unknown {
    if (this.status >= 400) return {};
    const { pathname, searchParams } = new URL(path, this.url);
    if (method === "GET") {
      const size = Number(searchParams.get("per_page") ?? 30);
      const first = (Number(searchParams.get("page") ?? 1) - 1) * size;
      return this.comments.slice(first, first + size);
    }
    const { body } = JSON.parse(text) as { body: string };
    if (method === "POST") return this.add(body);
    const changed = this.comments.find(({ id }) => pathname.endsWith(`/comments/${id}`));
    if (changed !== undefined) changed.body = body;
    return changed ?? {};
  }

  private add(body: string): Comment {
    const id = Math.max(0, ...this.comments.map((comment) => comment.id)) + 1;
    const comment = { id, body, user: bot };
    this.comments.push(comment);
    return comment;
  }
}
