import { checkerOf } from "../../model/fields/check";
import { type TicketInputs, ticketFields } from "../../model/kinds/cluster";
import { changesBetween } from "../../model/paths";
import { UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind } from "../kind";

/**
 * A join token and where managers answer, read when a host joins: tokens that were rotated since the swarm was made
 * are known to no other resource. It stays as it is, so that a host that has joined sees no later token.
 */
export const ticketKind: Kind<TicketInputs, KindContext> = {
  token: "swarm:index:Ticket",
  secrets: ["joinToken"],
  deleteBeforeReplace: () => false,
  check: checkerOf(ticketFields),
  diff: (old, news) => changesBetween(old.inputs, news, "", (path) => path !== "role"),
  plan: (news, old) => ({
    ...news,
    joinToken: old?.state.joinToken ?? UNKNOWN,
    managers: old?.state.managers ?? UNKNOWN,
  }),
  async create(inputs, context) {
    const docker = await context.manager();
    const { ID, JoinTokens } = await docker.swarm();
    const joinToken = inputs.role === "manager" ? JoinTokens.Manager : JoinTokens.Worker;
    const reachable = (await docker.nodes.list()).flatMap(({ ManagerStatus }) =>
      ManagerStatus?.Reachability === "reachable" ? (ManagerStatus.Addr ?? []) : [],
    );
    const state = { ...inputs, joinToken, managers: reachable.join(" ") };
    return { id: `${ID}/${inputs.host}`, state };
  },
  async read(id, old) {
    if (!old) throw new Error("a Ticket cannot be imported; let Pulumi create a new one");
    return { id, inputs: old.inputs, state: old.state };
  },
  async update(old, news) {
    return { id: old.id, state: { ...old.state, ...news } };
  },
  async delete() {},
};
