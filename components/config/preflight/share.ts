import { listed } from "../../model/nearest";
import { fileProblem, type Problem } from "../../model/problem";
import type { ShareSettings } from "../environment/environment";
import type { HostKind } from "../environment/host-kind";
import { platformProblem } from "../platforms/platforms";
import type { FileSettings } from "../schema/file";
import type { Check, Flight } from "./flight";

const usable: { readonly [kind in ShareSettings["kind"]]: readonly HostKind[] } = {
  none: ["local", "aws", "ssh"],
  directory: ["local"],
  efs: ["aws"],
  nfs: ["ssh", "aws"],
  existing: ["ssh"],
};

const reasons: { readonly [kind in ShareSettings["kind"]]: string } = {
  none: "",
  directory: "a directory on this machine, which only local hosts can see",
  efs: "a file system on AWS, which only hosts of kind aws can see",
  nfs: "a folder of an NFS server, which local hosts cannot mount",
  existing: "a folder that hosts have already, which only existing machines can have",
};

/** Kinds of hosts that can see the share. One that a host serves is exported to the addresses of existing machines only. */
function seenBy(share: ShareSettings): {
  readonly kinds: readonly HostKind[];
  readonly why: string;
} {
  if (share.kind === "nfs" && share.served) {
    const why = `a folder of ${share.server}, which only existing machines can see`;
    return { kinds: ["ssh"], why };
  }
  return { kinds: usable[share.kind], why: reasons[share.kind] };
}

/** Fields of NFS that are missing, or next to another kind; and data that is not ours to delete. */
function nfs({ share }: Flight["environment"], stated: FileSettings["share"] = {}): Problem[] {
  const problem = (key: string, found: string, allowed: string, fix: string) =>
    fileProblem(["share", key], { found, allowed, fix });
  const problems: Problem[] = [];
  if (stated.data === "delete" && (share.kind === "nfs" || share.kind === "existing")) {
    const found = `delete next to kind ${share.kind}`;
    problems.push(problem("data", found, "keep: what is on it stays", "remove `data`"));
  }
  if (share.kind !== "nfs") {
    const keys = (["server", "export", "options"] as const).filter((key) => stated[key]);
    const found = (key: (typeof keys)[number]) => `${stated[key]} next to kind ${share.kind}`;
    return [
      ...problems,
      ...keys.map((key) => problem(key, found(key), "only with kind nfs", "`kind: nfs`")),
    ];
  }
  if (share.server === "") {
    const allowed = "the address of an NFS server, or the name of the host that is to be one";
    problems.push(problem("server", "no server", allowed, "`server: nas.example.org`"));
  } else if (share.served && stated.export !== undefined) {
    const found = `${stated.export}, but ${share.server} is a host, which serves ${share.path}`;
    problems.push(problem("export", found, "only with a server outside", "remove `export`"));
  } else if (!share.served && stated.export === undefined) {
    const found = `no folder of ${share.server}, which is not a host of this environment`;
    problems.push(
      problem("export", found, "the folder that it exports", "`export: /exports/yard`"),
    );
  }
  return problems;
}

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

/** Kinds of shares that hosts of all these kinds can see, the best first. */
function fitting(kinds: readonly HostKind[]): readonly ShareSettings["kind"][] {
  const order = ["efs", "directory", "nfs", "existing", "none"] as const;
  return order.filter((share) => kinds.every((kind) => usable[share].includes(kind)));
}

function blind({ environment, known }: Flight): readonly Problem[] {
  const { share, hosts } = environment;
  const kinds = [...new Set(hosts.map((host) => host.kind))];
  const seen = seenBy(share);
  const others = kinds.filter((host) => !seen.kinds.includes(host));
  if (others.length === 0 || !known.labels) return [];
  const found = `${seen.why}; there are hosts of kind ${others.join(", ")}`;
  const fit = fitting(kinds);
  const [first] = fit.filter((kind) => kind === "efs" || kind === "directory");
  const about = { found, allowed: fit.join(", "), fix: `\`kind: ${first ?? "none"}\`` };
  return [fileProblem(["share", "kind"], about)];
}

function elsewhere({ environment, settings }: Flight): readonly Problem[] {
  const { kind } = environment.share;
  const fileSystemId = settings.share?.fileSystemId;
  if (fileSystemId === undefined || kind === "efs") return [];
  const found = `${fileSystemId} next to kind ${kind}`;
  const about = { found, allowed: "only with kind efs", fix: "`kind: efs`" };
  return [fileProblem(["share", "fileSystemId"], about)];
}

/** Whether every host can see the share, and whether there is one when a volume needs it. */
export const checkShare: Check = (flight) => {
  const { environment, drafts, settings } = flight;
  const problems = [
    ...blind(flight),
    ...elsewhere(flight),
    ...iam(settings.share?.iam === true, environment),
    ...nfs(environment, settings.share),
  ];
  if (environment.share.kind !== "none") return problems;
  const missing = drafts.flatMap((draft) =>
    Object.entries(draft.plan.volumes).flatMap(([key, volume]) => {
      if (volume.kind !== "shared") return [];
      const found = "shared: true, but the environment has no share (swarmyard:share.kind is none)";
      const about = {
        found,
        allowed: "a share, or a volume that is not shared",
        fix: `\`${shareFor(environment)}\` at swarmyard:share, or \`shared: false\``,
      };
      return [platformProblem(draft, ["volumes", key, "shared"], about)];
    }),
  );
  return [...problems, ...missing];
};

/** An NFS server knows machines by their addresses, with which containers leave unless a firewall keeps them away. */
export const warnShare: Check = ({ environment: { share, hosts, swarm } }) => {
  if (share.kind !== "nfs") return [];
  const open = hosts.filter((host) => host.kind === "ssh" && host.ssh.firewall === undefined);
  const groups = [...new Set(open.map(({ group }) => group))];
  if (groups.length === 0) return [];
  const { tokenFiles = false } = swarm;
  const tokens =
    tokenFiles === false ? "" : ", and with the join tokens on it makes itself a manager";
  const found = `nfs, and no firewall in ${listed(groups)}: whoever is root in a container there reads and writes the whole share${tokens}`;
  const allowed = "a share that only the machines themselves reach";
  const fix = "`firewall: true` in these groups, or keep containers from TCP port 2049 yourself";
  return [fileProblem(["share", "kind"], { found, allowed, fix })];
};

/** A share that all hosts can have. */
function shareFor({ hosts }: Flight["environment"]): string {
  const ssh = hosts.find(({ kind }) => kind === "ssh");
  if (ssh !== undefined) return `{ kind: nfs, server: ${ssh.name} }`;
  return hosts.some(({ kind }) => kind === "aws") ? "kind: efs" : "kind: directory";
}
