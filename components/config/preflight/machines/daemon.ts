import { fileProblem } from "../../../model/problem";
import type { Check } from "../flight";

/** Settings of Docker engines that a group cannot have, with the reason and what to do. */
const refused: { readonly [setting: string]: readonly [why: string, fix: string] } = {
  hosts: ["every connection to a Docker engine goes over SSH", "remove it"],
  bip: ["the environment chooses it beside its other networks", "remove it"],
  "default-address-pools": ["the environment chooses them beside its other networks", "remove it"],
  "node-generic-resources": ["they come from `resources`", "`resources` of the group"],
  "live-restore": ["Docker does not allow it in a swarm", "remove it"],
  "userns-remap": ["the share and volumes would have other owners on each node", "remove it"],
  "data-root": ["volumes and state would stay in the old folder", "remove it"],
};

/** Settings of Docker engines that would break the environment. */
export const checkDaemon: Check = ({ settings, environment }) =>
  Object.keys(environment.groups).flatMap((group) =>
    Object.keys(settings.hosts.groups[group]?.daemon ?? {}).flatMap((setting) => {
      const [why, fix] = refused[setting] ?? [];
      if (why === undefined || fix === undefined) return [];
      const keys = ["hosts", "groups", group, "daemon", setting];
      const found = `\`${setting}\`, which a group cannot set: ${why}`;
      const allowed = `settings of daemon.json other than ${Object.keys(refused).join(", ")}`;
      return [fileProblem(keys, { found, allowed, fix })];
    }),
  );
