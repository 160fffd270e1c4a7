import { STACK_LABEL as STACK_TAG } from "../../components/model/ownership";
import type { Aws } from "./cli";

/** Something that an account holds. */
export interface Holding {
  /** Service and kind, such as `ec2 volume`. */
  readonly kind: string;
  readonly id: string;
}

/** Everything in the region that carries the environment's tag and really exists. */
export async function holdings(
  aws: Aws,
  owner: string,
  rolePrefix: string,
): Promise<readonly Holding[]> {
  const [tagged, ec2, instances, fileSystems, roles] = await Promise.all([
    taggedArns(aws, owner),
    ec2Tagged(aws, owner),
    livingInstances(aws, owner),
    fileSystemIds(aws),
    ownRoles(aws, owner, rolePrefix),
  ]);
  const named = tagged.map(holdingOf);
  const repositories = await repositoriesThere(aws, named);
  const exists = ({ kind, id }: Holding) => {
    if (kind === REPOSITORY) return repositories.has(id);
    if (kind === "ec2 instance") return instances.has(id);
    if (kind === FILE_SYSTEM) return fileSystems.has(id);
    return !kind.startsWith("ec2 ") || ec2.has(`${kind} ${id}`);
  };
  return [...named.filter(exists), ...roles].sort((one, other) =>
    `${one.kind} ${one.id}` < `${other.kind} ${other.id}` ? -1 : 1,
  );
}

const REPOSITORY = "ecr repository";

/** Kind of a file system of EFS. */
export const FILE_SYSTEM = "elasticfilesystem file-system";

/** What an ARN names. Pure. */
export function holdingOf(arn: string): Holding {
  const [, , service = "", , , ...rest] = arn.split(":");
  const resource = rest.join(":");
  const cut = resource.search(/[/:]/);
  if (cut < 0) return { kind: service, id: resource };
  return { kind: `${service} ${resource.slice(0, cut)}`, id: resource.slice(cut + 1) };
}

const filter = (key: string, value: string) => `Name=${key},Values=${value}`;

async function taggedArns(aws: Aws, owner: string): Promise<readonly string[]> {
  const answer = (await aws(
    "resourcegroupstaggingapi",
    "get-resources",
    "--tag-filters",
    `Key=${STACK_TAG},Values=${owner}`,
  )) as { ResourceTagMappingList?: { ResourceARN: string }[] };
  return (answer.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN);
}

// The tagging API keeps showing deleted resources for a while; EC2 knows better.
async function ec2Tagged(aws: Aws, owner: string): Promise<ReadonlySet<string>> {
  const answer = (await aws(
    "ec2",
    "describe-tags",
    "--filters",
    filter("key", STACK_TAG),
    filter("value", owner),
  )) as { Tags?: { ResourceType: string; ResourceId: string }[] };
  return new Set((answer.Tags ?? []).map((tag) => `ec2 ${tag.ResourceType} ${tag.ResourceId}`));
}

// A terminated instance keeps its tags for about an hour.
async function livingInstances(aws: Aws, owner: string): Promise<ReadonlySet<string>> {
  const answer = (await aws(
    "ec2",
    "describe-instances",
    "--filters",
    filter(`tag:${STACK_TAG}`, owner),
    filter("instance-state-name", "pending,running,stopping,stopped"),
  )) as { Reservations?: { Instances?: { InstanceId: string }[] }[] };
  const found = (answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
  return new Set(found.map(({ InstanceId }) => InstanceId));
}

async function fileSystemIds(aws: Aws): Promise<ReadonlySet<string>> {
  const answer = (await aws("efs", "describe-file-systems")) as {
    FileSystems?: { FileSystemId: string; LifeCycleState: string }[];
  };
  const there = (answer.FileSystems ?? []).filter(
    ({ LifeCycleState }) => !["deleting", "deleted"].includes(LifeCycleState),
  );
  return new Set(there.map(({ FileSystemId }) => FileSystemId));
}

async function repositoriesThere(
  aws: Aws,
  named: readonly Holding[],
): Promise<ReadonlySet<string>> {
  const ids = named.filter(({ kind }) => kind === REPOSITORY).map(({ id }) => id);
  const there = await Promise.all(
    ids.map(async (id) => {
      try {
        await aws("ecr", "describe-repositories", "--repository-names", id);
        return [id];
      } catch (error) {
        if (/RepositoryNotFound/.test(String(error))) return [];
        throw error;
      }
    }),
  );
  return new Set(there.flat());
}

// The tagging API does not cover roles.
async function ownRoles(aws: Aws, owner: string, prefix: string): Promise<readonly Holding[]> {
  const answer = (await aws("iam", "list-roles")) as { Roles?: { RoleName: string }[] };
  const named = (answer.Roles ?? []).filter(({ RoleName }) => RoleName.startsWith(prefix));
  const found = await Promise.all(
    named.map(async ({ RoleName }) => {
      const { Tags = [] } = (await aws("iam", "list-role-tags", "--role-name", RoleName)) as {
        Tags?: { Key: string; Value: string }[];
      };
      const own = Tags.some(({ Key, Value }) => Key === STACK_TAG && Value === owner);
      return own ? [{ kind: "iam role", id: RoleName }] : [];
    }),
  );
  return found.flat();
}
