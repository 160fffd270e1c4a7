import { listed } from "../../model/nearest";
import { fileProblem, type Problem } from "../../model/problem";
import type { ShareSettings } from "../environment/environment";
import type { HostKind } from "../environment/host-kind";
import { platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";

const usable: { readonly [kind in ShareSettings["kind"]]: readonly HostKind[] } = {
  none: ["local", "aws", "ssh"],
  directory: ["local"],
  efs: ["aws"],
  nfs: [],
};

const reasons: { readonly [kind in ShareSettings["kind"]]: string } = {
  none: "",
  directory: "a directory on this machine, which only local hosts can see",
  efs: "a file system on AWS, which only hosts of kind aws can see",
  nfs: "nfs, which is not built yet",
};

/** The role is proved by amazon-efs-utils, which only Amazon Linux has. */
function iam(wanted: boolean, { share, hosts }: Flight["environment"]): readonly Problem[] {
  if (!wanted) return [];
  const keys = ["share", "iam"];
  if (share.kind !== "efs") {
    const found = `true next to kind ${share.kind}`;
    return [fileProblem(keys, { found, allowed: "only with kind efs", fix: "remove `iam`" })];
  }
  const others = hosts.filter((host) => host.kind === "aws" && host.aws.image !== "al2023");
  const groups = [...new Set(others.map(({ group }) => group))];
  if (groups.length === 0) return [];
  const found = `true, but ${listed(groups)} start from another image than al2023, without amazon-efs-utils`;
  const allowed = "`image: al2023` in every group";
  return [fileProblem(keys, { found, allowed, fix: "`image: al2023` there, or remove `iam`" })];
}

/** Whether every host can see the share, and whether there is one when a volume needs it. */
export const checkShare: Check = ({ environment, drafts, known, settings }) => {
  const problems: Problem[] = [];
  const { kind } = environment.share;
  const kinds = [...new Set(environment.hosts.map((host) => host.kind))];
  const blind = kinds.filter((host) => !usable[kind].includes(host));
  if (blind.length > 0 && known.labels) {
    const found = `${reasons[kind]}; there are hosts of kind ${blind.join(", ")}`;
    const [alone] = kinds.length === 1 ? kinds : [];
    const only = alone === "aws" ? "efs" : alone === "local" ? "directory" : "none";
    const fit = only === "none" ? only : `${only}, none`;
    const fix = `\`kind: ${only}\``;
    problems.push(fileProblem(["share", "kind"], { found, allowed: fit, fix }));
  }
  const fileSystemId = settings.share?.fileSystemId;
  if (fileSystemId !== undefined && kind !== "efs") {
    const found = `${fileSystemId} next to kind ${kind}`;
    problems.push(
      fileProblem(["share", "fileSystemId"], {
        found,
        allowed: "only with kind efs",
        fix: "`kind: efs`",
      }),
    );
  }
  problems.push(...iam(settings.share?.iam === true, environment));
  if (kind !== "none") return problems;
  for (const draft of drafts) {
    for (const [key, volume] of Object.entries(draft.plan.volumes)) {
      if (volume.kind !== "shared") continue;
      const found = "shared: true, but the environment has no share (swarmyard:share.kind is none)";
      const about = {
        found,
        allowed: "a share, or a volume that is not shared",
        fix: "`kind: directory` at swarmyard:share, or `shared: false`",
      };
      problems.push(platformProblem(draft, ["volumes", key, "shared"], about));
    }
  }
  return problems;
};
