import type { EngineClient } from "../engine/client";
import { cause, orGone, statusOf } from "../engine/errors";
import type { LiveVolume } from "../engine/live";
import { poll } from "../engine/waiting";
import { checkerOf } from "../model/fields/check";
import { type VolumeInputs, volumeFields } from "../model/kinds/volume";
import { describeOwner, isOfStack, visibleLabels } from "../model/ownership";
import { changesBetween, hasUnknown, sameValue, topLevel } from "../model/paths";
import { UNKNOWN } from "../model/values";
import type { KindContext } from "./context";
import type { Kind, Outcome, Stored } from "./kind";

/** A volume on the Docker engine of one host. */
export const volumeKind: Kind<VolumeInputs, KindContext> = {
  token: "swarm:index:Volume",
  secrets: [],
  deleteBeforeReplace: (old, news) =>
    !changesBetween(old.inputs, news, "", () => false).some(
      ({ path, kind }) => kind === "update" && (path === "name" || path === "node"),
    ) || hasUnknown(news.name),
  check: checkerOf(volumeFields),
  diff: (old, news) =>
    changesBetween(old.inputs, news, "", (path) => topLevel(path) !== "onDelete"),
  plan: (news, old) => ({ ...news, mountpoint: old?.state.mountpoint ?? UNKNOWN }),
  create,
  async read(id, old, context) {
    const [node = "", name = ""] = id.split("/");
    const docker = await context.node(node);
    const volume = await orGone(docker.volumes.inspect(name));
    if (!volume) return undefined;
    // Nobody can change a volume's labels; a volume kept from before may have others than asked for.
    const { onDelete = "keep", labels } = old?.inputs ?? {};
    const kept = { onDelete, ...(labels === undefined ? {} : { labels }) };
    const { state } = outcomeOf(node, onDelete, volume);
    const inputs = { ...describe(node, onDelete, volume), ...kept };
    return { id, inputs, state: { ...state, ...kept } };
  },
  async update(old, news) {
    return { id: old.id, state: { ...old.state, ...news } };
  },
  delete: remove,
};

async function create(inputs: VolumeInputs, context: KindContext): Promise<Outcome> {
  const docker = await context.node(inputs.node);
  const existing = await orGone(docker.volumes.inspect(inputs.name));
  if (existing) {
    refuseOther(inputs, existing, context);
    return outcomeOf(inputs.node, inputs.onDelete, existing);
  }
  await docker.volumes.create({
    Name: inputs.name,
    Driver: inputs.driver,
    DriverOpts: inputs.driverOptions,
    Labels: { ...inputs.labels, ...context.labels },
  });
  const made = await docker.volumes.inspect(inputs.name);
  return outcomeOf(inputs.node, inputs.onDelete, made);
}

/** Docker returns an existing volume whatever options are requested, so they are compared here. */
function refuseOther(inputs: VolumeInputs, found: LiveVolume, context: KindContext): void {
  const place = `a volume ${inputs.name} exists already on ${inputs.node}`;
  const advice = `choose another name, or remove it (and its data) with docker volume rm ${inputs.name} there`;
  if (!isOfStack(found.Labels, context.urn)) {
    throw new Error(`${place}: ${describeOwner(found.Labels)}; ${advice}`);
  }
  const options = found.Options ?? {};
  if (found.Driver !== inputs.driver || !sameValue(options, inputs.driverOptions)) {
    const has = `driver ${found.Driver} and options ${JSON.stringify(options)}`;
    throw new Error(`${place}, kept from before, with ${has}; ${advice}`);
  }
}

function describe(
  node: string,
  onDelete: VolumeInputs["onDelete"],
  volume: LiveVolume,
): VolumeInputs {
  return {
    node,
    name: volume.Name,
    driver: volume.Driver,
    driverOptions: volume.Options ?? {},
    labels: visibleLabels(volume.Labels),
    onDelete,
  };
}

function outcomeOf(node: string, onDelete: VolumeInputs["onDelete"], volume: LiveVolume): Outcome {
  const state = { ...describe(node, onDelete, volume), mountpoint: volume.Mountpoint };
  return { id: `${node}/${volume.Name}`, state };
}

async function remove(old: Stored<VolumeInputs>, context: KindContext): Promise<void> {
  const { node, name, onDelete } = old.inputs;
  if (onDelete === "keep") {
    context.warn(
      `the volume ${name} stays on ${node} with its data; to delete it for good, run docker volume rm ${name} there`,
    );
    return;
  }
  if (!context.nodes.includes(node)) {
    context.warn(`the host ${node} is no longer declared, so its volume ${name} is left unchanged`);
    return;
  }
  const docker = await context.node(node);
  let refusal = "";
  const gone = await poll(context, { timeoutMs: 30_000, everyMs: 1_000 }, async () => {
    try {
      await orGone(docker.volumes.remove(name));
      return true;
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      refusal = cause(error);
      await removeEnded(docker, name);
      context.log(`waiting until nothing uses the volume ${name} on ${node}`);
      return undefined;
    }
  });
  if (gone === undefined) {
    throw new Error(
      `the volume ${name} on ${node} is still used after 30 s: ${refusal}; its data would be deleted with it, so no ` +
        "service is stopped for that. Remove it from the mounts of its services, run up, then change or " +
        "remove it; or give the changed volume another name",
    );
  }
}

/** Removes containers of ended tasks, which swarm keeps as history and which hold the volume. */
async function removeEnded(docker: EngineClient, volume: string): Promise<void> {
  const filters = {
    volume: [volume],
    status: ["exited", "dead"],
    label: ["com.docker.swarm.task.id"],
  };
  for (const { Id } of await docker.containers.list(filters)) {
    // The next try tells whether it is gone, whoever removes it.
    await docker.containers.remove(Id).catch(() => undefined);
  }
}
