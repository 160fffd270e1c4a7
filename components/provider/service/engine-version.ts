import type { SwarmAccess } from "../../engine/access";
import type { ServiceInputs } from "../../model/service/inputs";

/** Fields that older engines drop without a word, with the API version that knows them. */
const NEWER = [
  {
    path: "healthcheck.startInterval",
    api: 44,
    engine: "25",
    used: ({ healthcheck }: ServiceInputs) => healthcheck?.startInterval !== undefined,
  },
] as const;

/** @throws when a field is used that the managers' engine would drop */
export async function requireEngine(inputs: ServiceInputs, context: SwarmAccess): Promise<void> {
  const used = NEWER.filter((field) => field.used(inputs));
  if (used.length === 0) return;
  const { ApiVersion, Version } = await (await context.manager()).version();
  const minor = Number(ApiVersion.split(".")[1]);
  const problems = used
    .filter(({ api }) => minor < api)
    .map(
      ({ path, engine }) =>
        `${path} needs engines of version ${engine} or newer, and the manager has ${Version}: leave it out, or upgrade the engines`,
    );
  if (problems.length > 0) throw new Error(problems.join("; "));
}
