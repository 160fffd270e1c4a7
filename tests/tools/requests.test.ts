import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Requests } from "../trust/requests";

let server: http.Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(answer: (count: number, response: http.ServerResponse) => void) {
  let count = 0;
  server = http.createServer((_, response) => {
    count += 1;
    answer(count, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Enough requests that each kind of answer came. */
const five = { everyMs: 1, timeoutMs: 300, most: 5 };

async function ended(requests: Requests, count: number) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (requests.count >= count) return requests.stop();
  }
}

test("answers are counted, and each failure with its reason", async () => {
  const url = await serve((count, response) => {
    if (count === 2) response.writeHead(503).end();
    else if (count === 3) response.destroy();
    else if (count !== 4) response.end("well");
  });
  const { sent, failed, failures } = await ended(new Requests(url, five), 5);
  expect({ sent, failed }).toEqual({ sent: 5, failed: 3 });
  expect(failures.join("\n")).toMatch(/status 503\n.*\n.*no answer in 300 ms/);
});

test("a missing server is a failure", async () => {
  const url = await serve(() => undefined);
  server.close();
  const { failed } = await ended(new Requests(url, five), 5);
  expect(failed).toBe(5);
});
