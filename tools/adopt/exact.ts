import { defaults } from "../../components/config/environment/defaults";
import { planPlatforms } from "../../components/config/platforms/plan";
import { presentIn } from "../../components/config/platforms/present";
import { platformSchema } from "../../components/config/schema/platform";
import { mapValues } from "../../components/model/merge";
import { changesBetween } from "../../components/model/paths";
import type { PlatformPlan, ServicePlan } from "../../components/model/platform/plan";
import { normalise } from "../../components/model/service/normalise";
import { type Live, networkNamesOf } from "./live";
import type { FoundPlatform } from "./platforms";
import { inputsOf } from "./services";
import { unexpressed } from "./unexpressed";

/**
 * Where the platforms would not give the services that run, and what of them no platform can say. A line
 * for each service. Pure.
 */
export function inexact(live: Live, platforms: readonly FoundPlatform[]): readonly string[] {
  const networks = networkNamesOf(live);
  const byName = new Map(live.services.map((service) => [service.Spec.Name ?? "", service]));
  const planned = planPlatforms(
    platforms.map((one) => ({ ...one, spec: presentIn("", one.spec) })),
    { ...defaults },
  );
  return planned.flatMap(({ name: platform, services, plan }) =>
    Object.entries(services).flatMap(([key, name]) => {
      const [service, made] = [byName.get(name), plan.services[key]];
      if (service === undefined || made === undefined) return [];
      const seen = inputsOf(service, networks);
      const changes = changesBetween(
        { ...byNetwork(seen) },
        { ...byNetwork(normalise(asInputs(made, plan))) },
        "",
        () => false,
      ).map(({ path }) => path);
      const where = `platforms/${platform}: services.${key}`;
      const unsaid = unexpressed(service.Spec, seen);
      return [
        ...(changes.length === 0
          ? []
          : [
              `${where} differs from what runs: ${changes.join(", ")}; up refuses to take it over until the file says the same`,
            ]),
        ...(unsaid.length === 0
          ? []
          : [
              `${where} cannot say ${unsaid.join(", ")}; it stays as it is until a change of the service's tasks`,
            ]),
      ];
    }),
  );
}

/** What the schema of platforms refuses of what was found; Docker takes more. A line for each place. Pure. */
export function refusedParts(platforms: readonly FoundPlatform[]): readonly string[] {
  return platforms.flatMap(({ name, spec }) => {
    const { error } = platformSchema.safeParse({ ...spec, folder: "/" });
    const places = (error?.issues ?? []).map(
      ({ path, message }) =>
        `platforms/${name}: ${path.map(String).join(".")} is not allowed there (${message}); a preview refuses it until you correct it`,
    );
    return [...new Set(places)];
  });
}

/** A service as its resource gets it. */
function asInputs({ dependsOn: _, ...service }: ServicePlan, plan: PlatformPlan) {
  const { image, secrets, configs } = service;
  const named = (section: "secrets" | "configs") => {
    const files = section === "secrets" ? secrets : configs;
    if (files === undefined) return undefined;
    return mapValues(files, (file) => ({
      ...file,
      source: plan[section][file.source]?.name ?? file.source,
    }));
  };
  return {
    ...service,
    image: image.kind === "reference" ? image.reference : "",
    secrets: named("secrets"),
    configs: named("configs"),
  };
}

/** Attachments have keys that are ours alone. */
function byNetwork({ networks = {}, ...inputs }: ReturnType<typeof normalise>) {
  return {
    ...inputs,
    networks: Object.fromEntries(Object.values(networks).map((one) => [one.name, one])),
  };
}
