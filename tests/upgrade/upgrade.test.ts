import { afterAll, beforeAll, expect, test } from "vitest";
import { foldersOf } from "../../tools/setup/folders";
import { Yard } from "../e2e/yard";
import { usePrevious } from "./previous";

/** A change that an upgrade makes to an existing environment. */
interface Update {
  /** Type and logical name of the resource, as `pulumi preview` names them. */
  readonly resource: string;
  /** Properties that change. */
  readonly fields: readonly string[];
  /** Why it has to change. It is also in CHANGELOG.md, as a migration note. */
  readonly reason: string;
}

/** Everything that an upgrade from the previous version changes. Replacing and deleting is never in it. */
const required: readonly Update[] = [
  {
    resource: "command:remote:Command demo-seed-data",
    fields: ["create", "update"],
    reason: "its script no longer follows a link that a container put into the volume",
  },
];

/** One life of an environment, told in order: made by the previous version, kept by this one. */
let yard: Yard;
let useThisVersion: () => void;
let before: Running;

beforeAll(() => {
  yard = new Yard("upgrade");
  useThisVersion = usePrevious(yard, foldersOf(process.env).cache);
});
afterAll(() => yard?.close());

/** What must not restart: containers on this machine, and tasks with their ids. */
interface Running {
  readonly machines: { readonly [name: string]: string };
  readonly tasks: readonly string[];
}

async function running(): Promise<Running> {
  const tasks = await yard.tasks();
  return {
    machines: yard.machines(),
    tasks: tasks.map(({ service, node, id }) => `${service} ${node} ${id}`).sort(),
  };
}

async function must(command: string, args: readonly string[] = []): Promise<string> {
  const { status, output } = await yard.run(command, args);
  expect(status, output).toBe(0);
  return output;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: { readonly [path: string]: unknown } | null;
  readonly diffReasons?: readonly string[] | null;
}

/** Steps of a preview that are more than a look, without those of the stack itself. */
function changesIn(output: string): readonly Step[] {
  const { steps } = JSON.parse(output.slice(output.indexOf("{\n"))) as { readonly steps: Step[] };
  return steps.filter(({ op }) => !["same", "read", "refresh"].includes(op));
}

/** A step in the words of {@link required}, after what it does. */
function lineOf({ op, urn, detailedDiff, diffReasons }: Step): string {
  const [, , types = "", name = ""] = urn.split("::");
  const fields = [...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? [])];
  return `${op} ${types.split("$").at(-1)} ${name}: ${[...new Set(fields)].sort().join(", ")}`;
}

test("the previous version makes an environment", async () => {
  expect(yard.git("show", "HEAD:package.json")).toContain('"version": "0.1.0"');
  await must("up");
  before = await running();
  expect(Object.keys(before.machines)).toHaveLength(6);
  expect(before.tasks.length).toBeGreaterThan(5);
});

test("this version's preview has the required updates and nothing else", async () => {
  useThisVersion();
  const found = changesIn(await must("preview", ["--json"]));
  const expected = required.map(
    ({ resource, fields }) => `update ${resource}: ${[...fields].sort().join(", ")}`,
  );
  expect(found.map(lineOf).sort()).toEqual([...expected].sort());
});

test.each(["refresh", "up"])("%s restarts nothing", async (command) => {
  await must(command);
  expect(await running()).toEqual(before);
});

test("a second preview is empty", async () => {
  await must("preview", ["--expect-no-changes", "--diff"]);
});

test("down removes everything that the previous version made", async () => {
  await must("down");
  expect(yard.left()).toEqual([]);
});
