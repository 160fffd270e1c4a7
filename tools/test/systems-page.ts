import { columns, type ProofPage } from "./proof";

const introduction = `# Systems

The systems of \`platforms/\` on real swarms of containers, with small images in place of the real ones
(\`--stand-ins\`). \`npm run test:systems\` runs all of them and writes this page;
\`npm run test:systems -- blue\` runs the files with that word in their name and changes only their part.
[systems.md](../systems.md) says what each test proves.
`;

/** What `npm run test:systems` showed. */
export const systemsPage: ProofPage = {
  name: "systems.md",
  introduction,
  columns: [columns.name("scenario"), columns.seconds, columns.result],
};
