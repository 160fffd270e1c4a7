import { writeInTurn } from "../../engine/waiting";
import { checkerOf } from "../../model/fields/check";
import { type RotationInputs, rotationFields } from "../../model/kinds/cluster";
import { changesBetween } from "../../model/paths";
import type { KindContext } from "../context";
import type { Kind } from "../kind";

/** Gives the swarm new join tokens when it is created, and after each run in which a node joined. */
export const rotationKind: Kind<RotationInputs, KindContext> = {
  token: "swarm:index:TokenRotation",
  secrets: [],
  check: checkerOf(rotationFields),
  diff: (old, news) => changesBetween(old.inputs, news, "", () => false),
  plan: (news) => ({ ...news }),
  async create(inputs, context) {
    const id = await rotate(context);
    return { id, state: { ...inputs } };
  },
  async read(id, old) {
    if (!old) throw new Error("a TokenRotation cannot be imported; let Pulumi create a new one");
    return { id, inputs: old.inputs, state: old.state };
  },
  async update(old, news, context) {
    const joined = news.nodes.some((node) => !old.inputs.nodes.includes(node));
    if (joined) await rotate(context);
    return { id: old.id, state: { ...news } };
  },
  async delete() {},
};

/** @returns the swarm's id */
async function rotate(context: KindContext): Promise<string> {
  const docker = await context.manager();
  const rotation = { rotateWorkerToken: true, rotateManagerToken: true };
  const rotated = await writeInTurn(context, async () => {
    const { ID, Version, Spec } = await docker.swarm();
    await docker.updateSwarm(Version.Index, Spec, rotation);
    return ID;
  });
  if (rotated === undefined) {
    throw new Error("the swarm kept changing while its join tokens were rotated; try again");
  }
  context.log("the join tokens are new");
  return rotated;
}
