import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../setup/folders";
import type { FileResult } from "./proof";

const proof = join(root, "docs", "proof", "aws-lab.md");

const introduction = `# AWS in the laboratory

\`npm run test:aws\` runs all of this and writes this page; \`npm run test:aws -- dev\` runs the files
with that word in their name and changes only their part. Pulumi's real provider for AWS talks to
an API that moto plays; each machine that it starts is a container with the machine's own
addresses, which runs its real user data and is then reached over SSH. ECR is a real registry
behind ECR's name, with TLS, that wants the token that the API gave. What is played, and why:

| what | how it differs from AWS |
| --- | --- |
| machines | Debian 12 instead of Ubuntu, with systemctl played: containers have no systemd |
| EFS | the tunnel is real stunnel, the mount binds one folder instead of reaching a file server |
| GPUs | nvidia-smi names made-up GPUs, the container runtime notes its call and hands on to runc |
| EFS backup policies | added to moto, which cannot set them |
| options of spot machines | added to moto, which forgets them: every preview would replace the machine |
| security groups of machines | added to moto, which forgets them: every preview would give them again |
| public addresses | of the network for such tests; only this machine finds the way to them |
| throughput of machines' disks | added to moto, which forgets it: every preview would set it again |
| interfaces and private addresses of machines | added to moto, which keeps them: the next machine could not have the address |
| GitHub | its API of comments is a small server; workflows' commands run as they stand in their files |
| parameters with the images of Ubuntu and for GPUs | added to moto, which does not know them |

The environment files are taken as they are, apart from: the network of the VPC; \`dnsrr\` and \`host\`, since this
kernel has no IP_VS; dev is reached at private addresses; prod has one agent and neither GPUs, database nor
platform, since there the managers matter. Its preview is of the file as it is.

With that moto loses no field: previews may differ in nothing, and no field is left out of any comparison.
`;

/** Puts a file's result in the place of the one before it. */
export function writeLabProof(result: FileResult): void {
  mkdirSync(dirname(proof), { recursive: true });
  const before = existsSync(proof) ? readFileSync(proof, "utf8") : "";
  writeFileSync(proof, withLabResult(before, result));
}

/** The page with this file's part made anew; parts are in the order of their files. Pure. */
export function withLabResult(page: string, result: FileResult): string {
  const parts = new Map(
    page
      .split(/^(?=## )/m)
      .filter((part) => part.startsWith("## "))
      .map((part) => [part.slice(3, part.indexOf("\n")), `${part.trimEnd()}\n`]),
  );
  parts.set(result.file, render(result));
  const sorted = [...parts].sort(([one], [other]) => (one < other ? -1 : 1));
  return [introduction, ...sorted.map(([, part]) => part)].join("\n");
}

function render({ file, at, seconds, place, scenarios }: FileResult): string {
  const when = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const rows = scenarios.map(
    ({ name, state, seconds: took }) =>
      `| ${name.replaceAll("|", "\\|")} | ${state} | ${took.toFixed(1)} |`,
  );
  const table = ["| check | result | seconds |", "| --- | --- | --: |", ...rows];
  return [
    `## ${file}`,
    "",
    `${when}, ${Math.round(seconds)} s in all; ${place}.`,
    "",
    ...(rows.length === 0 ? ["It could not be run: failed."] : table),
    "",
  ].join("\n");
}
