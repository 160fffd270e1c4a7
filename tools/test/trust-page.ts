import { columns, type ProofPage } from "./proof";

const introduction = `# Trust

What a local environment goes through under abuse, on a real swarm. \`npm run test:trust\` runs all
of it and writes this page; \`npm run test:trust -- drift\` runs the files with that word in their
name and changes only their part. Failed requests are those of a client that asks all the time
while the scenario runs; a dash where none asks. The column engine has the nodes' Docker:
\`npm run test:trust -- --engine debian-12\` runs everything on another one.
`;

/** What `npm run test:trust` showed. */
export const trustPage: ProofPage = {
  name: "trust.md",
  introduction,
  columns: [
    columns.name("scenario"),
    columns.engine,
    {
      title: "failed requests",
      number: true,
      cell: ({ failedRequests }) => `${failedRequests ?? "–"}`,
    },
    columns.seconds,
    columns.result,
  ],
};
