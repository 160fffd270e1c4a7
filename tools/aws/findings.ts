import type { Environment } from "../../components/config/environment/environment";
import { ownRepositories, repositoryPath } from "../../components/config/environment/repositories";
import type { Aws } from "./cli";

/** What ECR found in the image of a repository that was pushed last. */
export interface ImageFindings {
  readonly repository: string;
  /** `sha256:…`; undefined when the repository is empty or missing. */
  readonly digest?: string;
  /** When it was pushed, as AWS says it. */
  readonly pushed?: string;
  /** Number of findings by severity; undefined when it was not scanned (yet). */
  readonly counts?: { readonly [severity: string]: number };
  /** Names of those that are critical or high, with the package, sorted. */
  readonly grave: readonly string[];
}

/** Severities that make `npm run scan` fail. */
export const GRAVE = ["CRITICAL", "HIGH"] as const;

/** Repositories of the images that an environment's platforms build, sorted. Pure. */
export function builtRepositories(
  environment: Pick<Environment, "prefix" | "name" | "platforms">,
): readonly string[] {
  const root = ownRepositories(environment);
  return environment.platforms
    .flatMap(({ name, plan }) =>
      Object.keys(plan.images).map((image) => repositoryPath(root, name, image)),
    )
    .sort();
}

/** Asks ECR what it found in the newest image of each repository. */
export function findingsOf(
  aws: Aws,
  repositories: readonly string[],
): Promise<readonly ImageFindings[]> {
  return Promise.all(repositories.map((repository) => findingsIn(aws, repository)));
}

async function findingsIn(aws: Aws, repository: string): Promise<ImageFindings> {
  const images = await unless(/RepositoryNotFound/, () =>
    aws("ecr", "describe-images", "--repository-name", repository),
  );
  const newest = newestOf(images as ImageList | undefined);
  if (newest === undefined) return { repository, grave: [] };
  const about = { repository, digest: newest.imageDigest, pushed: newest.imagePushedAt };
  const id = `imageDigest=${newest.imageDigest}`;
  const scan = await unless(/ScanNotFound/, () =>
    aws("ecr", "describe-image-scan-findings", "--repository-name", repository, "--image-id", id),
  );
  const { imageScanStatus, imageScanFindings } = (scan ?? {}) as Scan;
  if (imageScanStatus?.status !== "COMPLETE") return { ...about, grave: [] };
  const { findingSeverityCounts = {}, findings = [] } = imageScanFindings ?? {};
  const grave = findings.filter(({ severity }) => GRAVE.some((one) => one === severity));
  return { ...about, counts: findingSeverityCounts, grave: grave.map(described).sort() };
}

interface ImageList {
  readonly imageDetails?: readonly { imageDigest: string; imagePushedAt: string }[];
}

interface Finding {
  readonly name: string;
  readonly severity: string;
  readonly attributes?: readonly { readonly key: string; readonly value: string }[];
}

interface Scan {
  readonly imageScanStatus?: { readonly status: string };
  readonly imageScanFindings?: {
    readonly findingSeverityCounts?: { readonly [severity: string]: number };
    readonly findings?: readonly Finding[];
  };
}

function newestOf(images: ImageList | undefined) {
  const details = [...(images?.imageDetails ?? [])];
  return details.sort((a, b) => Date.parse(a.imagePushedAt) - Date.parse(b.imagePushedAt)).at(-1);
}

function described({ name, severity, attributes = [] }: Finding): string {
  const value = (key: string) => attributes.find((one) => one.key === key)?.value;
  const where = [value("package_name"), value("package_version")].filter(Boolean).join(" ");
  return `${severity} ${name}${where === "" ? "" : ` in ${where}`}`;
}

async function unless(expected: RegExp, ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (expected.test(String(error))) return undefined;
    throw error;
  }
}
