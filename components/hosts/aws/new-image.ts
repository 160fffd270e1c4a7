/** Variable with the names of the machines that this run starts from the image and user data of today. */
export const NEW_IMAGE_VARIABLE = "SWARMYARD_NEW_IMAGE";

/**
 * Inputs of a machine that keep their old values. A newer image or boot script would otherwise stop or
 * replace running machines; a replacement keeps them too, unless `npm run refresh-machines` names it.
 */
export function keptInputs(name: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const named = (env[NEW_IMAGE_VARIABLE] ?? "").split(",");
  return named.includes(name) ? [] : ["ami", "userData"];
}
