import type { Environment } from "../../components/config/environment/environment";
import type { Step } from "./destruction";

/** Type of a machine on AWS in URNs. */
const INSTANCE = "aws:ec2/instance:Instance";

/** What a newer image or a newer version of this program changes of a machine. */
const FROM_BIRTH = ["ami", "userData"];

/** A machine that would start differently today. */
export interface StaleMachine {
  /** Name of its node. */
  readonly name: string;
  readonly urn: string;
}

/**
 * Machines on AWS that can be replaced one by one, workers first. The first manager is not among them:
 * its machine carries the identity of the swarm. Pure.
 */
export function replaceable({ hosts, swarm }: Pick<Environment, "hosts" | "swarm">): string[] {
  const onAws = hosts.filter(({ kind, name }) => kind === "aws" && name !== swarm.firstManager);
  const named = (role: string) => onAws.filter((host) => host.role === role).map((one) => one.name);
  return [...named("worker"), ...named("manager")];
}

/**
 * Machines whose image or user data is not that of today, in the order of `names`. Pure.
 *
 * @param steps of a preview in which those of `names` keep neither
 */
export function staleMachines(steps: readonly Step[], names: readonly string[]): StaleMachine[] {
  const changed = steps.filter(({ urn, oldState, diffReasons, replaceReasons }) => {
    const reasons = [...(diffReasons ?? []), ...(replaceReasons ?? [])];
    const isMachine = oldState?.type === INSTANCE && typeOf(urn) === INSTANCE;
    return isMachine && reasons.some((reason) => FROM_BIRTH.includes(reason));
  });
  const urns = new Map(changed.map(({ urn }) => [hostOf(urn), urn]));
  return names.flatMap((name) => {
    const urn = urns.get(name);
    return urn === undefined ? [] : [{ name, urn }];
  });
}

/** The steps that have nothing to do with these machines. Pure. */
export function otherSteps(steps: readonly Step[], machines: readonly StaleMachine[]): Step[] {
  const urns = new Set(machines.map(({ urn }) => urn));
  const names = machines.map(({ name }) => name);
  const isTheirs = (urn: string) =>
    urns.has(urn) || names.some((name) => `-${urn.split("::").at(-1)}-`.includes(`-${name}-`));
  return steps.filter(({ urn }) => !isTheirs(urn));
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function hostOf(urn: string): string {
  return (urn.split("::").at(-1) ?? "").replace(/-machine$/, "");
}
