import { expect, test } from "vitest";
import { unbuilt } from "../../components/config/unbuilt";
import { localHost } from "../local-environment";

test("kinds that are not built yet are named in one sentence, with their hosts", () => {
  const hosts = [localHost("a", { kind: "aws" }), localHost("b"), localHost("c", { kind: "ssh" })];
  expect(unbuilt({ hosts })).toBe(
    'Machines of kind aws and ssh are not built yet: a, c. Set the kind of their groups to "local" to try the environment on this machine.',
  );
});

test("of local machines nothing is to be said", () => {
  expect(unbuilt({ hosts: [localHost("a")] })).toBeUndefined();
  expect(unbuilt({ hosts: [] })).toBeUndefined();
});
