import { cause, isNotFound, orGone } from "../../engine/errors";
import type { LiveNetwork, NetworkSpec } from "../../engine/live";
import { poll } from "../../engine/waiting";
import { overlap } from "../../model/addresses/subnets";
import { checkerOf } from "../../model/fields/check";
import { type NetworkInputs, networkFields, networkProblems } from "../../model/kinds/network";
import { describeOwner, isOwn, isUnowned, visibleLabels } from "../../model/ownership";
import { changesBetween, hasUnknown, sameValue } from "../../model/paths";
import { type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, Outcome, Stored } from "../kind";
import { type Users, waitForUsers } from "./users";

/** Options that swarm adds on its own. */
const ADDED_OPTIONS = ["com.docker.network.driver.overlay.vxlanid_list", "encrypted"];
/** A network of the swarm. Docker cannot modify one, so every change replaces it. */
export const networkKind: Kind<NetworkInputs, KindContext> = {
  token: "swarm:index:Network",
  secrets: [],
  deleteBeforeReplace: (old, news) => old.inputs.name === news.name || hasUnknown(news.name),
  check: checkerOf(networkFields, networkProblems),
  diff: (old, news) => changesBetween(old.inputs, news, "", () => true),
  plan: (news, old) => ({
    ...news,
    networkId: old?.id ?? UNKNOWN,
    subnet: news.subnet ?? old?.state.subnet ?? UNKNOWN,
    gateway: news.gateway ?? old?.state.gateway ?? UNKNOWN,
  }),
  create,
  async read(id, old, context) {
    const docker = await context.manager();
    const found = await orGone(docker.networks.inspect(id));
    return found && { ...stateOf(found), inputs: inputsOf(found, old) };
  },
  async update(old, news) {
    return { id: old.id, state: { ...old.state, ...news } };
  },
  delete: remove,
};

async function create(inputs: NetworkInputs, context: KindContext): Promise<Outcome> {
  const docker = await context.manager();
  const networks = await docker.networks.list();
  const existing = networks.find((network) => network.Name === inputs.name);
  const taken = context.adopts === true && existing !== undefined && isUnowned(existing.Labels);
  if (taken) refuseOther(existing, inputs);
  else if (existing && !isOwn(existing.Labels, context.urn)) {
    throw new Error(
      `a network ${inputs.name} exists already: ${describeOwner(existing.Labels)}; ` +
        `choose another name, or remove it with docker network rm ${inputs.name}`,
    );
  }
  const id = existing?.Id ?? (await make(inputs, context, networks));
  const ready = await poll(context, { timeoutMs: 10_000, everyMs: 200 }, async () => {
    const network = await docker.networks.inspect(id);
    return network.Driver !== "overlay" || gatewayOf(network) !== undefined ? network : undefined;
  });
  if (!ready) {
    const network = await docker.networks.inspect(id);
    const problem = `swarm has given the network ${inputs.name} no addresses; see the log of dockerd on the leader`;
    return { ...stateOf(network), problems: [problem] };
  }
  return stateOf(ready);
}

/** Docker cannot modify a network: one that is taken over has to be as the inputs say. */
function refuseOther(live: LiveNetwork, inputs: NetworkInputs): void {
  const seen: Properties = { ...describe(live) };
  const wrong = Object.entries(inputs).filter(([key, wanted]) => !sameValue(seen[key], wanted));
  if (wrong.length === 0) return;
  const text = (value: unknown) => (value === undefined ? "none" : JSON.stringify(value));
  const each = wrong.map(([key, wanted]) => `${key} is ${text(seen[key])}, not ${text(wanted)}`);
  throw new Error(
    `the network ${inputs.name} cannot be taken over as it is: ${each.join("; ")}; ` +
      "write it as it is, which `npm run adopt` does, and change it afterwards, or declare it `external: true`",
  );
}

async function make(
  inputs: NetworkInputs,
  context: KindContext,
  networks: readonly LiveNetwork[],
): Promise<string> {
  const { subnet, gateway, moreSubnets = [] } = inputs;
  for (const block of subnet === undefined ? [] : [subnet, ...moreSubnets]) {
    refuseOverlap(block, inputs.name, networks);
  }
  const body: NetworkSpec = {
    Name: inputs.name,
    CheckDuplicate: true,
    Driver: inputs.driver,
    Attachable: inputs.attachable,
    Internal: inputs.internal,
    Options: { ...inputs.options, ...(inputs.encrypted ? { encrypted: "" } : {}) },
    Labels: { ...inputs.labels, ...context.labels },
    ...(subnet === undefined
      ? {}
      : {
          IPAM: {
            Driver: "default",
            Config: [
              { Subnet: subnet, ...(gateway === undefined ? {} : { Gateway: gateway }) },
              ...moreSubnets.map((block) => ({ Subnet: block })),
            ],
          },
        }),
  };
  return await (await context.manager()).networks.create(body);
}

function refuseOverlap(subnet: string, name: string, networks: readonly LiveNetwork[]): void {
  for (const other of networks.filter((network) => network.Scope === "swarm")) {
    const clash = subnetsOf(other).find((block) => overlap(block, subnet));
    if (clash === undefined) continue;
    throw new Error(
      `the subnet ${subnet} of the network ${name} overlaps ${clash} of the network ` +
        `${other.Name} (${describeOwner(other.Labels)}); choose another subnet`,
    );
  }
}

function subnetsOf(network: LiveNetwork): string[] {
  return (network.IPAM?.Config ?? []).flatMap((entry) => entry.Subnet ?? []);
}

function gatewayOf(network: LiveNetwork): string | undefined {
  const gateway = network.IPAM?.Config?.[0]?.Gateway;
  return gateway === undefined || gateway === "" ? undefined : gateway.replace(/\/.*$/, "");
}

/** The real state, in the form of the inputs. */
function describe(network: LiveNetwork): NetworkInputs {
  const options = network.Options ?? {};
  const own = Object.entries(options).filter(([key]) => !ADDED_OPTIONS.includes(key));
  const [subnet, ...more] = subnetsOf(network);
  const gateway = gatewayOf(network);
  return {
    name: network.Name,
    driver: network.Driver,
    ...(subnet === undefined ? {} : { subnet }),
    ...(more.length === 0 ? {} : { moreSubnets: more }),
    ...(gateway === undefined ? {} : { gateway }),
    attachable: network.Attachable ?? false,
    internal: network.Internal ?? false,
    encrypted: "encrypted" in options,
    options: Object.fromEntries(own),
    labels: visibleLabels(network.Labels),
  };
}

function stateOf(network: LiveNetwork): Outcome {
  return { id: network.Id, state: { ...describe(network), networkId: network.Id } };
}

// What swarm chose is not an input: the next Check would not have it.
function inputsOf(network: LiveNetwork, old: Stored<NetworkInputs> | undefined): Properties {
  const { subnet, gateway, ...rest } = describe(network);
  return {
    ...rest,
    ...(old && old.inputs.subnet === undefined ? {} : { subnet }),
    ...(old && old.inputs.gateway === undefined ? {} : { gateway }),
  };
}

/**
 * How long services without a label of the stack may use a network that goes. Imported ones have none, and nothing
 * says that they go before it.
 */
const FOREIGN_MS = 10_000;

async function remove(old: Stored<NetworkInputs>, context: KindContext): Promise<void> {
  const docker = await context.manager();
  let refusal = "";
  let users: Users = { services: [], containers: [] };
  const times = { timeoutMs: 60_000, everyMs: 500 };
  const began = Date.now();
  const gone = await poll(context, times, async () => {
    try {
      await docker.networks.remove(old.id);
    } catch (error) {
      if (isNotFound(error)) return true;
      refusal = cause(error);
      const isPatient = Date.now() - began < FOREIGN_MS;
      users = await waitForUsers({ id: old.id, name: old.inputs.name, isPatient }, context);
    }
    return undefined;
  });
  if (gone === undefined) {
    throw new Error(
      `the network ${old.inputs.name} is still there after 60 s: ${refusal}${advice(users)}`,
    );
  }
}

function advice({ services, containers }: Users): string {
  if (services.length > 0) {
    return `; services of this stack use it: ${services.join(", ")}. Remove it from their networks, run up, then change or remove it`;
  }
  const lines = containers.map(({ text, command }) => `\n  ${text}; run there: ${command}`);
  return lines.length === 0 ? "" : `${lines.join("")}\n  then run this again`;
}
