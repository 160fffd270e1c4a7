import { expect, test } from "vitest";
import { help, parseBench } from "../options";

test("means more services on four nodes, then more nodes, against all peers", () => {
  const { sizes, peers, out, add } = parseBench([]);
  expect(sizes.map(({ services, nodes }) => `${services}/${nodes}`)).toEqual([
    "5/4",
    "20/4",
    "100/4",
    "300/4",
    "20/8",
    "20/16",
  ]);
  expect(peers).toEqual(["script", "docker", "ansible"]);
  expect([out, add]).toEqual(["bench.json", false]);
});

test("takes each number of services with each number of nodes", () => {
  const { sizes } = parseBench(["--services", "5,20", "--nodes=8,16", "--peers", "none"]);
  expect(sizes).toEqual([
    { services: 5, nodes: 8 },
    { services: 20, nodes: 8 },
    { services: 5, nodes: 16 },
    { services: 20, nodes: 16 },
  ]);
});

test("is quick with the script only, unless peers are named", () => {
  expect(parseBench(["--quick"])).toMatchObject({
    sizes: [{ services: 5, nodes: 4 }],
    peers: ["script"],
  });
  expect(parseBench(["--quick", "--peers", "docker"]).peers).toEqual(["docker"]);
  expect(parseBench(["--quick", "--services", "300"]).sizes).toEqual([{ services: 300, nodes: 4 }]);
});

test.each([
  [["--fast"], "--fast"],
  [["--peers", "chef"], '"chef"'],
  [["--services", "0"], '"0"'],
  [["--nodes", "four"], '"four"'],
  [["--nodes"], "--nodes"],
  [["20"], "20"],
])("refuses %j, names the word and says what is allowed", (words, named) => {
  expect(() => parseBench(words)).toThrow(named);
  expect(() => parseBench(words)).toThrow("\nRun: npm run bench -- [--services 20,100]");
});

test("help names every option", () => {
  for (const option of ["services", "nodes", "peers", "quick", "out", "add", "page"]) {
    expect(help).toContain(`--${option}`);
  }
});
