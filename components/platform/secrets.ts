import * as pulumi from "@pulumi/pulumi";
import { secretValue } from "../config/secret-value";
import type { Carried } from "../model/bytes";
import type { PlatformPlan, SecretPlan } from "../model/platform/plan";
import { Secret, type SecretArgs } from "../resources/resources";

/** What secrets of a platform are made with. */
export interface SecretSurroundings {
  readonly opts: pulumi.CustomResourceOptions;
  /** Reads a file of the platform's folder. */
  readonly read: (file: string) => Carried;
}

/**
 * The secrets of a platform by key, with their real names. Previous values come after the secrets that
 * they are of.
 *
 * @example
 * makeSecrets("shop", { password: { kind: "random", random: 32, … } }, { opts, read });
 */
export function makeSecrets(
  name: string,
  plans: PlatformPlan["secrets"],
  { opts, read }: SecretSurroundings,
): ReadonlyMap<string, { readonly name: pulumi.Output<string> }> {
  const kept = new Set(
    Object.values(plans).flatMap((one) => (one.kind === "previous" ? [one.previous] : [])),
  );
  const all = new Map<string, { readonly name: pulumi.Output<string> }>();
  const own = new Map<string, Secret>();
  const [later, first] = split(plans, ({ kind }) => kind === "previous");
  for (const [key, plan] of [...first, ...later]) {
    if (plan.kind === "external") {
      all.set(key, { name: pulumi.output(plan.name) });
      continue;
    }
    const source =
      plan.kind === "previous"
        ? { data: previousOf(own.get(plan.previous)) }
        : { ...sourceOf(plan, read), ...(kept.has(key) ? { keepPrevious: true } : {}) };
    const secret = new Secret(
      `${name}-secret-${key}`,
      { base: plan.name, ...source, labels: plan.labels },
      opts,
    );
    own.set(key, secret);
    all.set(key, secret);
  }
  return new Map(Object.keys(plans).flatMap((key) => entryOf(all, key)));
}

type Source = Pick<SecretArgs, "data" | "random" | "rotate" | "encoding">;

function sourceOf(
  plan: Extract<SecretPlan, { readonly kind: "random" | "config" | "file" | "value" }>,
  read: (file: string) => Carried,
): Source {
  switch (plan.kind) {
    case "random":
      return {
        random: plan.random,
        ...(plan.rotate === undefined ? {} : { rotate: plan.rotate }),
      };
    case "config":
      return { data: secretValue(plan.config) };
    case "value":
      return { data: pulumi.secret(plan.value) };
    default: {
      const { data, ...encoding } = read(plan.file);
      return { data: pulumi.secret(data), ...encoding };
    }
  }
}

/** The previous value of a random secret; preflight lets no other through. */
function previousOf(secret: Secret | undefined): pulumi.Output<string> {
  if (secret === undefined)
    throw new pulumi.RunError("a previous value of a secret that is not here");
  return secret.previous;
}

function split<T>(
  record: { readonly [key: string]: T },
  is: (value: T) => boolean,
): readonly [[string, T][], [string, T][]] {
  const entries = Object.entries(record);
  return [entries.filter(([, value]) => is(value)), entries.filter(([, value]) => !is(value))];
}

function entryOf<T>(map: ReadonlyMap<string, T>, key: string): [string, T][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}
