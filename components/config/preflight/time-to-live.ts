import { fileProblem } from "../../model/problem";
import type { Check } from "./flight";

/** An environment that is destroyed automatically must not hold what is meant to be kept, for example because a base sets timeToLive for all. */
export const checkTimeToLive: Check = ({ environment }) => {
  const { share, timeToLive } = environment;
  if (timeToLive === undefined) return [];
  if (environment.protected === true) {
    const found = `${timeToLive} for an environment that is protected (swarmyard:protected: true)`;
    const allowed = "no time to live, or no protection";
    const fix = "remove `timeToLive` (`timeToLive: null` over a base), or `protected: false`";
    return [fileProblem(["timeToLive"], { found, allowed, fix })];
  }
  // Data that is not the environment's stays whatever happens.
  if (share.kind !== "directory" && share.kind !== "efs") return [];
  if (share.data !== "keep") return [];
  const found = `${timeToLive} for an environment whose data is kept (swarmyard:share.data: keep)`;
  const allowed = "no time to live, or data that may be deleted";
  const fix = "remove `timeToLive` (`timeToLive: null` over a base), or `data: delete`";
  return [fileProblem(["timeToLive"], { found, allowed, fix })];
};
