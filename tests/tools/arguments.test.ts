import { describe, expect, test } from "vitest";
import { scripts } from "../../package.json";
import { type Command, commands, helpFor, parseArguments } from "../../tools/arguments";

describe("parseArguments", () => {
  test("the environment is local when none is named", () => {
    expect(parseArguments(["up"])).toEqual({
      command: "up",
      stack: "local",
      sweep: false,
      rest: [],
    });
  });

  test.each([
    [["preview", "-s", "prod", "--expect-no-changes"]],
    [["preview", "--expect-no-changes", "--stack", "prod"]],
    [["preview", "--stack=prod", "--", "--expect-no-changes"]],
    [["preview", "-sprod", "--expect-no-changes"]],
    [["preview", "-s=prod", "--expect-no-changes"]],
  ])("takes the environment out of %j and hands the rest on", (argv) => {
    const { stack, rest } = parseArguments(argv);
    expect({ stack, rest }).toEqual({ stack: "prod", rest: ["--expect-no-changes"] });
  });

  test("--yes is ours where something may be destroyed", () => {
    for (const yes of ["--yes", "-y"]) {
      expect(parseArguments(["down", yes, "--debug"])).toMatchObject({
        yes: true,
        rest: ["--debug"],
      });
      expect(parseArguments(["up", yes])).toMatchObject({ yes: true, rest: [] });
      expect(parseArguments(["ci", "apply", yes])).toMatchObject({ yes: true, rest: ["apply"] });
      expect(parseArguments(["refresh", yes])).toMatchObject({ rest: [yes] });
      expect(parseArguments(["docker", "exec", yes]).rest).toEqual(["exec", yes]);
    }
    expect(parseArguments(["up", "-yf"]).rest).toEqual(["-yf"]);
    expect(parseArguments(["down", "--sweep", "--data"])).toMatchObject({
      sweep: true,
      data: true,
    });
  });

  test("--stand-ins is ours where images are read", () => {
    for (const command of ["up", "preview", "env", "map"]) {
      expect(parseArguments([command, "-s", "blue", "--stand-ins"])).toMatchObject({
        stack: "blue",
        standIns: true,
        rest: [],
      });
      expect(parseArguments([command])).not.toHaveProperty("standIns");
    }
    expect(parseArguments(["refresh", "--stand-ins"]).rest).toEqual(["--stand-ins"]);
  });

  test("--forget names machines of up and down", () => {
    for (const command of ["up", "down"]) {
      const given = ["--forget", "10.0.0.1", "-s", "blue", "--forget=db.example.org", "--refresh"];
      expect(parseArguments([command, ...given])).toMatchObject({
        stack: "blue",
        forget: ["10.0.0.1", "db.example.org"],
        rest: ["--refresh"],
      });
      expect(parseArguments([command])).not.toHaveProperty("forget");
      for (const wrong of [["--forget"], ["--forget", "--yes"], ["--forget=a,b"]]) {
        expect(() => parseArguments([command, ...wrong])).toThrow(
          "--forget needs the address of a machine",
        );
      }
    }
    expect(parseArguments(["preview", "--forget", "a"]).rest).toEqual(["--forget", "a"]);
  });

  test("--sweep is our option only for down", () => {
    expect(parseArguments(["down", "--sweep"])).toMatchObject({ sweep: true, rest: [] });
    expect(() => parseArguments(["up", "--sweep"])).toThrow("npm run down -- --sweep");
  });

  test("docker gets its own words unchanged, even those that look like ours", () => {
    expect(parseArguments(["docker", "-s", "e2e", "--", "service", "ps", "-s", "x", "--"])).toEqual(
      {
        command: "docker",
        stack: "e2e",
        sweep: false,
        rest: ["service", "ps", "-s", "x", "--"],
      },
    );
    expect(parseArguments(["docker", "node", "ls", "--sweep"]).rest).toEqual([
      "node",
      "ls",
      "--sweep",
    ]);
  });

  test.each([
    [[], "No command was given.", "npm run up, npm run down"],
    [["start"], "There is no command start.", "npm run up, npm run down"],
    [["constructor"], "There is no command constructor.", "npm run up, npm run down"],
    [["up", "-s"], "-s needs the name of an environment", "npm run up -- -s local"],
    [["up", "--stack="], "-s needs the name of an environment", "npm run up -- -s local"],
    [["down", "--data"], "--data belongs to --sweep", "npm run down -- --sweep --data"],
    [["up", "-s", "--yes"], "-s needs the name of an environment", "npm run up -- -s local"],
    [["up", "-s", "../x"], '"../x" is not a valid name of an environment', "-s local"],
    [["map", "prod"], "map does not take prod.", "npm run map -- [-s <environment>]"],
    [["test", "-s", "dev"], "test does not take -s.", "npm run test -- [--only"],
  ])("%j says what is wrong and what to do", (argv, sentence, fix) => {
    expect(() => parseArguments(argv)).toThrow(sentence);
    expect(() => parseArguments(argv)).toThrow(fix);
  });

  test("options of pulumi keep their values and groups, even next to ours", () => {
    const words = ["--target", "urn:x", "-s", "dev", "-ys", "--message=-s x", "-v=9"];
    const { stack, rest } = parseArguments(["up", ...words]);
    expect(stack).toBe("dev");
    expect(rest).toEqual(["--target", "urn:x", "-ys", "--message=-s x", "-v=9"]);
  });

  test("bench gets all its words as they are", () => {
    const words = ["--quick", "--help", "-s", "x"];
    expect(parseArguments(["bench", ...words]).rest).toEqual(words);
  });
});

describe("help", () => {
  test.each([
    ["up", "--help"],
    ["down", "-h"],
    ["docker", "--help"],
    ["map", "--help", "x"],
  ])("%s %s asks for it", (...argv) => {
    expect(parseArguments(argv).help).toBe(true);
  });

  test("docker's own --help is docker's", () => {
    const { help, rest } = parseArguments(["docker", "node", "ls", "--help"]);
    expect([help, rest]).toEqual([undefined, ["node", "ls", "--help"]]);
  });

  test("says how to call a command, what it does and what it takes", () => {
    expect(helpFor("down").split("\n")).toEqual([
      "npm run down -- [-s <environment>] [--yes] [--sweep [--data]] [--platform <name> --level keep|clean|all] [options of pulumi destroy]",
      "",
      "Removes the environment; with --sweep also when its state is lost.",
      "",
      "  -s, --stack <environment>  takes Pulumi.<environment>.yaml (default: local)",
      "  --sweep  removes everything with the environment's label, except data that is kept",
      "  --data  with --sweep: removes data that is kept too",
      "  --platform <name> --level <level>  removes of one platform, after a list of what goes:",
      "    keep: its services and networks; data, secrets and configs stay",
      "    clean: its services and networks, and everything in its volumes; secrets and configs stay",
      "    all: everything of it, also its volumes with their data",
      "  --forget <address>  lets a machine go that is gone for good; what is on its disk stays there",
      "  -y, --yes  destroys without asking, for scripts",
      "  -h, --help  prints this",
      "",
      "For example:",
      "  npm run down -- -s staging",
      "  npm run down -- -s staging --sweep",
      "  npm run down -- -s staging --platform demo --level clean",
    ]);
  });

  test.each(Object.keys(commands) as Command[])("of %s has examples that it takes", (name) => {
    for (const example of commands[name].examples) {
      const [, words = ""] = /^npm (?:run (?:-s )?)?[\w:]+(?: -- (.*))?$/.exec(example) ?? [];
      if (/[|&>$]/.test(example)) continue;
      expect(example).toContain(name);
      const argv = words.split(" ").filter((word) => word !== "");
      expect(parseArguments([name, ...argv]).command).toBe(name);
      expect(helpFor(name)).toContain(`  ${example}`);
    }
  });

  test("every npm script that we start is a command, and the other way round", () => {
    const ours = Object.entries(scripts).filter(([, line]) => line.includes("tools/start.mjs"));
    expect(ours.map(([name]) => name).sort()).toEqual(Object.keys(commands).sort());
    for (const [name, line] of ours) expect(line).toBe(`node tools/start.mjs ${name}`);
    for (const name of Object.keys(commands) as Command[]) {
      expect(helpFor(name)).toContain(`npm run ${name}`);
    }
  });
});
