import { join } from "node:path";
import type { z } from "zod";
import { composePage } from "../../components/compose/keys/document";
import { fileSchema } from "../../components/config/schema/file";
import { platformSchema } from "../../components/config/schema/platform";
import { serviceSchema } from "../../components/config/schema/service";
import { schedulingFields, taskFields } from "../../components/model/service/inputs";
import { mountSpecs } from "../../components/model/service/mounts";
import { Comments } from "./docs";
import { pulumiSchema } from "./pulumi";
import { reference } from "./reference";
import { bare, documented, type Schema } from "./schema";

/** Version of the provider. */
const VERSION = "0.1.0";

const specFields = { ...taskFields, ...schedulingFields, mounts: mountSpecs };

/** The files that are generated from the code, by path. */
export function generated(root: string): { readonly [path: string]: string } {
  const comments = new Comments(root);
  const ofFile = { docs: comments.of("config/schema/file.ts", "FileSettings") };
  const ofPlatform = { docs: comments.of("model/platform/spec.ts", "PlatformSpec") };
  const ofService = { docs: comments.of("model/platform/service-spec.ts", "ServiceSpec") };
  const file = bare(fileSchema);
  const { services: _, ...platform } = bare(platformSchema as z.ZodType).properties ?? {};
  const service = bare(serviceSchema as z.ZodType);
  const environment = environmentSchema(
    documented(file, ofFile, false),
    documented({ properties: platform }, ofPlatform, true).properties ?? {},
    documented(service, ofService, true, specFields),
  );
  return {
    [join("components", "provider", "schema.json")]: json(pulumiSchema(comments, VERSION)),
    [join("docs", "schema", "environment.json")]: json(environment),
    [join("docs", "compose.md")]: composePage(),
    [join("docs", "reference.md")]: reference([
      {
        title: "Environment files",
        text: "Keys of `Pulumi.<env>.yaml` below `config:`; the first part has the prefix `swarmyard:`.",
        schema: file,
        about: ofFile,
      },
      {
        title: "Platforms",
        text: "Fields of a `PlatformSpec`, in `platforms/<name>/index.ts` and as changes below `swarmyard:platforms.<name>`.",
        schema: { properties: platform },
        about: ofPlatform,
      },
      {
        title: "Services",
        text: "Fields of a service of a platform (`services.<name>`).",
        schema: service,
        about: ofService,
        fields: specFields,
      },
    ]),
  };
}

/** The schema of an environment file: Pulumi's own keys, and ours with the changes that a platform allows. */
function environmentSchema(
  file: Schema,
  platform: NonNullable<Schema["properties"]>,
  service: Schema,
) {
  const keys = Object.entries(file.properties ?? {}).map(([key, one]) => [`swarmyard:${key}`, one]);
  // Where a platform comes from; what it changes has the platform's own schema.
  const stated = file.properties?.platforms?.additionalProperties;
  const source = typeof stated === "object" ? (stated.properties ?? {}) : {};
  const changed = {
    type: "object",
    additionalProperties: false,
    properties: {
      ...source,
      ...platform,
      services: { type: "object", additionalProperties: { anyOf: [service, { type: "null" }] } },
    },
  };
  const { folder: __, ...properties } = changed.properties as typeof changed.properties & {
    folder?: unknown;
  };
  const platforms = { type: "object", additionalProperties: { ...changed, properties } };
  const config = { ...Object.fromEntries(keys), "swarmyard:platforms": platforms };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "An environment of swarmyard",
    type: "object",
    properties: { config: { type: "object", properties: config } },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
