import { expect, test } from "vitest";
import { findingsOf } from "../../../tools/aws/findings";
import { findingLines } from "../../../tools/commands/scan";
import { unpinnedBases } from "../../../tools/report/base-images";

const images = {
  imageDetails: [
    { imageDigest: "sha256:new", imagePushedAt: "2026-11-20T10:00:00+00:00" },
    { imageDigest: "sha256:old", imagePushedAt: "2026-10-20T10:00:00+00:00" },
  ],
};
const attribute = (key: string, value: string) => ({ key, value });
const scanned = {
  imageScanStatus: { status: "COMPLETE" },
  imageScanFindings: {
    findingSeverityCounts: { HIGH: 1, MEDIUM: 3 },
    findings: [
      { name: "CVE-2026-1", severity: "MEDIUM" },
      {
        name: "CVE-2026-2",
        severity: "HIGH",
        attributes: [attribute("package_version", "3.0.1"), attribute("package_name", "openssl")],
      },
    ],
  },
};

/** ECR with four repositories: one with findings, one that it has not scanned, one still scanning, one missing. */
async function ecr(...args: readonly string[]): Promise<unknown> {
  const [, operation, , repository = "", , image] = args;
  if (repository === "yard/gone") throw new Error("RepositoryNotFoundException: no");
  if (operation === "describe-images") return images;
  expect(image).toBe("imageDigest=sha256:new");
  if (repository === "yard/new") throw new Error("ScanNotFoundException: no");
  if (repository === "yard/busy") return { imageScanStatus: { status: "IN_PROGRESS" } };
  return scanned;
}

test("the newest image of each repository counts, scanned or not", async () => {
  const pushed = "2026-11-20T10:00:00+00:00";
  const newest = { digest: "sha256:new", pushed };
  const found = await findingsOf(ecr, ["yard/app", "yard/busy", "yard/gone", "yard/new"]);
  expect(found).toEqual([
    {
      repository: "yard/app",
      ...newest,
      counts: { HIGH: 1, MEDIUM: 3 },
      grave: ["HIGH CVE-2026-2 in openssl 3.0.1"],
    },
    { repository: "yard/busy", ...newest, grave: [] },
    { repository: "yard/gone", grave: [] },
    { repository: "yard/new", ...newest, grave: [] },
  ]);
  expect(findingLines(found)).toEqual([
    "IMAGE      PUSHED      CRITICAL         HIGH  MEDIUM  LOW",
    "yard/app   2026-11-20  0                1     3       0",
    "yard/busy  2026-11-20  not scanned yet",
    "yard/gone  never",
    "yard/new   2026-11-20  not scanned yet",
    "yard/app: HIGH CVE-2026-2 in openssl 3.0.1",
  ]);
});

test("another answer of AWS is not taken for an image without findings", async () => {
  const denied = async () => {
    throw new Error("AccessDeniedException");
  };
  await expect(findingsOf(denied, ["yard/app"])).rejects.toThrow("AccessDeniedException");
});

test("bases without a digest are named once; stages, scratch and arguments are not bases", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const dockerfile = `ARG base=x
FROM --platform=linux/amd64 debian:12-slim AS build
from debian:12-slim
FROM node@${digest} AS node
FROM node:22@${digest}
FROM build AS again
FROM scratch
FROM \${base}
FROM python
`;
  expect(unpinnedBases(dockerfile)).toEqual(["debian:12-slim", "python"]);
});
