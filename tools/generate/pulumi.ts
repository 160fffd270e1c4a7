import type { Fields } from "../../components/model/fields/field";
import { ruleOf } from "../../components/model/fields/types";
import { clusterFields, rotationFields, ticketFields } from "../../components/model/kinds/cluster";
import { configFields, secretFields } from "../../components/model/kinds/content";
import { creationsFields } from "../../components/model/kinds/creations";
import { machineFields, scriptFields, uploadFields } from "../../components/model/kinds/machine";
import { nodeFields } from "../../components/model/kinds/membership";
import { networkFields } from "../../components/model/kinds/network";
import { rolloutFields } from "../../components/model/kinds/rollout";
import { volumeFields } from "../../components/model/kinds/volume";
import { serviceFields } from "../../components/model/service/inputs";
import { kinds } from "../../components/provider/kinds";
import type { Comments } from "./docs";
import { type About, bare, described, inside, type Schema } from "./schema";

interface Kind {
  readonly text: string;
  readonly fields: Fields;
  /** File and type with the comments. */
  readonly type?: readonly [string, string];
  /** What it has in addition to its inputs. */
  readonly outputs: readonly string[];
  /** What it may have in addition. @default none */
  readonly sometimes?: readonly string[];
}

const catalogue: { readonly [name: string]: Kind } = {
  Key: {
    text: "An ed25519 SSH key pair and a random salt, created once.",
    fields: {},
    outputs: ["publicKey", "privateKey", "salt"],
  },
  Machine: {
    text: "An existing machine, as the first connection to it found it. Changes nothing on it.",
    fields: machineFields,
    type: ["model/kinds/machine.ts", "MachineInputs"],
    outputs: ["hostKey", "hopKeys", "identity", "facts", "complaints"],
  },
  Script: {
    text: "Bash scripts that run as root on an existing machine.",
    fields: scriptFields,
    type: ["model/kinds/machine.ts", "ScriptInputs"],
    outputs: ["stdout"],
  },
  Upload: {
    text: "A file or a folder that is copied to an existing machine.",
    fields: uploadFields,
    type: ["model/kinds/machine.ts", "UploadInputs"],
    outputs: [],
  },
  Cluster: {
    text: "The identity of the swarm; its id is the swarm's.",
    fields: clusterFields,
    type: ["model/kinds/cluster.ts", "ClusterInputs"],
    outputs: ["clusterId", "createdAt", "managerToken", "workerToken"],
    sometimes: ["tokensHash", "unlockKey", "previousUnlockKey"],
  },
  Ticket: {
    text: "What one host needs to join the swarm, read from a manager when the host joins.",
    fields: ticketFields,
    type: ["model/kinds/cluster.ts", "TicketInputs"],
    outputs: ["joinToken", "managers"],
  },
  TokenRotation: {
    text: "Gives the swarm new join tokens after each run in which a node joined.",
    fields: rotationFields,
    type: ["model/kinds/cluster.ts", "RotationInputs"],
    outputs: [],
  },
  Node: {
    text: "A host in the swarm: its role, labels and availability.",
    fields: nodeFields,
    type: ["model/kinds/membership.ts", "NodeInputs"],
    outputs: ["nodeId"],
  },
  Network: {
    text: "A network of the swarm. Every change replaces it.",
    fields: networkFields,
    type: ["model/kinds/network.ts", "NetworkInputs"],
    outputs: ["networkId"],
  },
  Volume: {
    text: "A volume on the Docker engine of one host.",
    fields: volumeFields,
    type: ["model/kinds/volume.ts", "VolumeInputs"],
    outputs: ["mountpoint"],
  },
  Secret: {
    text: "A secret of the swarm, under a new name for each content.",
    fields: secretFields,
    type: ["model/kinds/content.ts", "SecretInputs"],
    outputs: ["name", "secretId"],
    sometimes: ["previous"],
  },
  Config: {
    text: "A config of the swarm, under a new name for each content.",
    fields: configFields,
    type: ["model/kinds/content.ts", "ConfigInputs"],
    outputs: ["name", "configId"],
  },
  Service: {
    text: "A service of the swarm.",
    fields: serviceFields,
    type: ["model/service/inputs.ts", "ServiceInputs"],
    outputs: ["revision", "resolvedImage"],
  },
  Creations: {
    text: "Services that programs of a platform create while they run; deleting it removes them.",
    fields: creationsFields,
    type: ["model/kinds/creations.ts", "CreationsInputs"],
    outputs: [],
  },
  Rollout: {
    text: "Waits until all tasks of some services run, and says why when they do not.",
    fields: rolloutFields,
    type: ["model/kinds/rollout.ts", "RolloutInputs"],
    outputs: [],
  },
};

type Types = { [token: string]: object };

/** The schema of the provider's package, from which `pulumi package gen-sdk` makes libraries. */
export function pulumiSchema(comments: Comments, version: string): object {
  const types: Types = {};
  const resources = [...kinds].map(([token, kind]) => {
    const name = token.split(":")[2] ?? "";
    const one = catalogue[name];
    if (one === undefined) throw new Error(`tools/generate/pulumi.ts does not describe ${token}`);
    const docs = one.type && comments.of(...one.type);
    const object = bare(ruleOf(one.fields));
    const inputProperties = propertiesOf(object, { docs }, name, types, one.fields);
    const isSecret = (key: string) => (kind.secrets.includes(key) ? { secret: true } : {});
    const all = [...one.outputs, ...(one.sometimes ?? [])];
    const outputs = all.map((key) => [key, { type: "string", ...isSecret(key) }]);
    const inputs = Object.entries(inputProperties).map(([key, spec]) => [
      key,
      { ...spec, ...isSecret(key) },
    ]);
    const requiredInputs = object.required ?? [];
    const filled = Object.entries(one.fields).filter(([, { is }]) => is.presence === "filled");
    return [
      token,
      {
        description: one.text,
        inputProperties: Object.fromEntries(inputs),
        requiredInputs,
        properties: Object.fromEntries([...inputs, ...outputs]),
        required: [...new Set([...requiredInputs, ...filled.map(([key]) => key), ...one.outputs])],
      },
    ];
  });
  return {
    name: "swarm",
    version,
    description: "A Docker Swarm and what runs on it, reached over SSH.",
    config: {},
    provider: {
      inputProperties: {
        endpoints: { type: "string", secret: true, description: "Hosts of the swarm, as JSON." },
        registryAuth: {
          type: "string",
          secret: true,
          description: "Logins of registries, as JSON.",
        },
        salt: {
          type: "string",
          secret: true,
          description: "Salt of the names of secrets and configs.",
        },
      },
    },
    types,
    resources: Object.fromEntries(resources),
    language: {},
  };
}

function propertiesOf(
  object: Schema,
  about: About,
  name: string,
  types: Types,
  fields?: Fields,
): { readonly [key: string]: object } {
  const { member } = inside(about, fields);
  return Object.fromEntries(
    Object.entries(object.properties ?? {}).map(([key, schema]) => [
      key,
      {
        ...typeOf(schema, member(key), name + key.slice(0, 1).toUpperCase() + key.slice(1), types),
        description: described(member(key)),
      },
    ]),
  );
}

function typeOf(schema: Schema, about: About, name: string, types: Types): object {
  const { anyOf, items, properties, additionalProperties } = schema;
  const one = anyOf?.find(({ type }) => type !== "null");
  if (one !== undefined) return typeOf(one, about, name, types);
  const { item } = inside(about);
  if (items !== undefined) return { type: "array", items: typeOf(items, item, name, types) };
  if (properties !== undefined) {
    const token = `swarm:index:${name}`;
    const made = propertiesOf(schema, about, name, types);
    types[token] = { type: "object", properties: made, required: schema.required ?? [] };
    return { $ref: `#/types/${token}` };
  }
  if (typeof additionalProperties === "object") {
    return {
      type: "object",
      additionalProperties: typeOf(additionalProperties, item, name, types),
    };
  }
  return { type: typeof schema.type === "string" ? schema.type : "string" };
}
