import { describe, expect, test } from "vitest";
import { listeningIn, whyNotListening } from "../../../components/observe/answers/listening";

const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const line = (local: string, state = "0A") =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;

describe("what a program listens on", () => {
  test.each<[string, string, boolean]>([
    ["any IPv4 address", "00000000:1F90", false],
    ["127.0.0.1", "0100007F:1F90", true],
    ["the container's address", "0301A8C0:1F90", false],
    ["any IPv6 address", "00000000000000000000000000000000:1F90", false],
    ["::1", "00000000000000000000000001000000:1F90", true],
    ["127.0.0.1 in IPv6", "0000000000000000FFFF00000100007F:1F90", true],
  ])("is seen for %s", (_, local, loopback) => {
    expect(listeningIn([head, line(local)].join("\n"))).toEqual([{ port: 8080, loopback }]);
  });

  test("is not what it is connected to, and a port open to all is not hidden by another", () => {
    const text = [
      head,
      line("00000000:1F91", "01"),
      line("0100007F:0050"),
      head,
      line("00000000000000000000000000000000:0050"),
    ].join("\n");
    expect(listeningIn(text)).toEqual([{ port: 80, loopback: false }]);
    expect(listeningIn("")).toEqual([]);
  });
});

describe("why a port does not answer", () => {
  test.each<[string, { port: number; loopback: boolean }[], object | undefined]>([
    ["not for the program", [{ port: 8080, loopback: false }], undefined],
    [
      "loopback only",
      [{ port: 8080, loopback: true }],
      {
        text: "its program listens on port 8080 of 127.0.0.1 only",
        remedy: "let the program listen on 0.0.0.0",
        certain: true,
      },
    ],
    [
      "another port",
      [
        { port: 3000, loopback: false },
        { port: 9229, loopback: true },
      ],
      {
        text: "its program listens on 3000, not on 8080",
        remedy: "`target: 3000`, or let the program listen on 8080",
        certain: true,
      },
    ],
  ])("%s", (_, listening, why) => {
    expect(whyNotListening(8080, listening)).toEqual(why);
  });

  test("a program that listens on nothing may still be starting", () => {
    expect(whyNotListening(8080, [])).toMatchObject({
      text: "its program listens on no port, so not on 8080 either",
      certain: false,
    });
  });
});
