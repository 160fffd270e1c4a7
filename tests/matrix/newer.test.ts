import { describe, expect, test } from "vitest";
import { normalise } from "../../components/model/service/normalise";
import { requireEngine } from "../../components/provider/service/engine-version";
import { contextWith } from "../provider/service/stub-context";
import { cases, newerIn } from "./services";

const withEngine = (Version: string, ApiVersion: string) =>
  contextWith({ "/version": { Version, ApiVersion }, "/nodes": [] });
const newer = Object.entries(cases).filter(([, one]) => newerIn(one, 41).length > 0);

describe("a case that Docker engine 20.10 cannot have", () => {
  test("exists for each field that needs a newer one", () => {
    expect([...new Set(newer.flatMap(([, one]) => newerIn(one, 41)))].sort()).toEqual([
      "healthcheck.startInterval",
      "mounts./part.volume.subpath",
      "mounts./read.bind.readOnlyNonRecursive",
      "mounts./scratch.tmpfs.exec",
      "mounts./whole.bind.create",
      "oomScoreAdj",
      "privileges.appArmor",
      "privileges.noNewPrivileges",
      "privileges.seccomp",
    ]);
  });

  test.each(newer)("%s is refused by name, and taken by Docker engine 27", async (_, one) => {
    const inputs = normalise({ name: "web", image: "web:1", ...one.first });
    for (const path of newerIn(one, 41)) {
      const name = path.replace(/^mounts\.([^.]+)/, 'mounts["$1"]');
      await expect(requireEngine(inputs, withEngine("20.10.24", "1.41"))).rejects.toThrow(
        `${name} needs Docker engine`,
      );
    }
    await expect(requireEngine(inputs, withEngine("27.0.3", "1.46"))).resolves.toBeUndefined();
  });
});
