import type { z } from "zod";

/** Whether there is exactly one source; none or several are reported. */
export function hasOneSource(
  sources: object,
  example: string,
  context: z.core.$RefinementCtx,
): boolean {
  const stated = Object.entries(sources).flatMap(([key, value]) =>
    value === undefined ? [] : key,
  );
  if (stated.length === 1) return true;
  const names = stated.join(", ");
  const params =
    stated.length === 0
      ? { found: "no source", fix: example }
      : { found: `${stated.length} sources: ${names}`, fix: `only one of ${names}` };
  const message = `exactly one of ${Object.keys(sources).join(", ")}`;
  context.addIssue({ code: "custom", message, params });
  return false;
}
