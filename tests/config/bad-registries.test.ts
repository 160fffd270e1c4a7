import { describe, expect, test } from "vitest";
import { registryDefaults, registryProblem } from "../../components/config/environment/registries";
import { brief, type Change, readChanged } from "./yard";

const existing = "`kind: existing` and `address: ghcr.io/my-team`";
const seen = "a registry that every host can reach";

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "an existing registry without an address",
    { values: { registry: { kind: "existing" } } },
    [["swarmyard:registry", "kind existing without an address", "a registry's address", existing]],
  ],
  [
    "ECR for hosts on this machine",
    { values: { registry: { kind: "ecr" } } },
    [
      [
        "swarmyard:registry",
        "ecr; hosts of kind local have no role that can read it",
        seen,
        existing,
      ],
    ],
  ],
  [
    "no registry, but images to build",
    { values: { registry: { kind: "none" } } },
    [
      [
        "swarmyard:registry",
        "none, but images are built for app",
        seen,
        "`registry: { kind: existing, address: ghcr.io/my-team }`",
      ],
    ],
  ],
  [
    "a login without its password",
    {
      values: { registries: { "ghcr.io": { user: "me", password: "ghcrPasword" } } },
      world: { hasSecret: (key) => key === "apiToken", secretKeys: ["apiToken", "ghcrPassword"] },
    },
    [
      [
        'swarmyard:registries["ghcr.io"].password',
        '"ghcrPasword", which is not in Pulumi config',
        "the name of a secret of the environment",
        "`ghcrPasword: '<value>'` in Pulumi.test.secrets.yaml (chmod 600), or did you mean `ghcrPassword`?",
      ],
    ],
  ],
  [
    "a file system of EFS for another kind of share",
    { values: { share: { kind: "directory", fileSystemId: "fs-0123" } } },
    [
      [
        "swarmyard:share.fileSystemId",
        "fs-0123 next to kind directory",
        "only with kind efs",
        "`kind: efs`",
      ],
    ],
  ],
];

describe("fails:", () => {
  test.each(cases)("%s", (_, change, problems) => {
    expect(readChanged(change).problems.map(brief)).toEqual(problems);
  });
});

test("an address goes with kind existing only, and makes that the kind", () => {
  expect(registryDefaults({ address: "ghcr.io/a" }, ["aws"])).toEqual({
    kind: "existing",
    address: "ghcr.io/a",
  });
  expect(registryProblem({ kind: "ecr", address: "ghcr.io/a" }, ["aws"], "efs")?.fix).toBe(
    "remove `address`",
  );
});

test("a registry in the swarm needs a share, and suits hosts of every kind", () => {
  const kinds = ["local", "aws"] as const;
  expect(registryProblem({ kind: "swarm" }, kinds, "nfs")).toBeUndefined();
  expect(registryProblem({ kind: "swarm" }, kinds, "none")?.allowed).toBe("a share");
});

test.each([
  [["local"], "local"],
  [["aws"], "ecr"],
  [["aws", "local"], "none"],
  [["ssh"], "none"],
  [[], "none"],
] as const)("hosts of kind %j have the registry %s", (kinds, kind) => {
  expect(registryDefaults(undefined, kinds)).toEqual({ kind });
});
