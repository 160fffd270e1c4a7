import { fileProblem, type Problem } from "../problem";
import type { Check } from "./flight";

/** What an environment with machines on AWS must say. */
export const checkAws: Check = ({ environment, settings, known }) => {
  const groups = Object.entries(environment.groups).filter(([, group]) => group.kind === "aws");
  if (groups.length === 0 || !known.counts) return [];
  const problems: Problem[] = [];
  if (settings.aws?.region === undefined) {
    const allowed = "a region, because there are hosts of kind aws";
    problems.push(fileProblem(["aws", "region"], "nothing", allowed, "`region: eu-west-1`"));
  }
  if ((settings.aws?.adminCidrs ?? []).length === 0) {
    const allowed = "the networks that may reach the hosts over SSH; there is no default";
    const type = "`adminCidrs: [<your address>/32]`";
    problems.push(fileProblem(["aws", "adminCidrs"], "nothing", allowed, type));
  }
  for (const [name, group] of groups) {
    const addresses = settings.hosts.groups[name]?.privateAddresses;
    if (addresses === undefined || addresses.length === group.hosts.length) continue;
    const keys = ["hosts", "groups", name, "privateAddresses"];
    const found = `${addresses.length} addresses for ${group.hosts.length} hosts`;
    problems.push(fileProblem(keys, found, "one address for each host", "the missing addresses"));
  }
  return problems;
};
