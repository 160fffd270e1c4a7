import { columns, type ProofPage } from "./proof";

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
| GitHub | its API of comments is a small server; workflows' commands run exactly as in their files |
| parameters with the images of Ubuntu and for GPUs | added to moto, which does not know them |

The environment files are taken as they are, apart from: the network of the VPC; \`dnsrr\` and \`host\`, since this
kernel has no IP_VS; dev is reached at private addresses; prod has one agent and neither GPUs, database nor
platform, since there the managers matter. Its preview is of the file as it is.

With that moto loses no field: previews may differ in nothing, and no field is left out of any comparison.
`;

/** What `npm run test:aws` showed. */
export const awsPage: ProofPage = {
  name: "aws-lab.md",
  introduction,
  columns: [columns.name("check"), columns.engine, columns.result, columns.seconds],
};
