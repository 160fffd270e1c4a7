import type { Environment } from "../components/config/environment/environment";
import { readEnvironment } from "../components/config/read-environment";
import type { PlainMap } from "../components/model/merge";
import { mergeDeep } from "../components/model/merge";

const values: PlainMap = {
  prefix: "vm",
  hosts: {
    kind: "aws",
    groups: { m: { role: "manager", count: 3, zones: ["eu-west-1a", "eu-west-1b"] }, w: {} },
  },
  aws: { region: "eu-west-1", adminCidrs: ["203.0.113.0/24"], tags: { team: "blue" } },
};

/** An environment called `one` with three managers in two zones and one worker, and no platform. */
export function awsEnvironment(changes: PlainMap = {}): Environment {
  const merged = mergeDeep(values, changes) as PlainMap;
  const { environment, problems } = readEnvironment("one", merged, () => undefined);
  if (environment === undefined) throw new Error(JSON.stringify(problems));
  return environment;
}
