/** Label that says which stack an object belongs to: `<project>/<stack>`. */
export const STACK_LABEL = "swarmyard.stack";

/** Label that says what an object on this machine is: `node`, `registry`, `entry`. */
export const KIND_LABEL = "swarmyard.kind";

/** Label that says which resource made an object. */
export const URN_LABEL = "swarmyard.urn";

/** Label with the id of the state folder that an object on this machine was created from. */
export const STATE_LABEL = "swarmyard.state";

/** Variable that gives the program that id; without it nothing is labelled with one. */
export const STATE_ID_VARIABLE = "SWARMYARD_STATE_ID";

/**
 * Label with the mark of the create that made an object. A create that finds its object already
 * existing puts its own mark on it, so that the delete of an earlier resource leaves it alone.
 */
export const MADE_LABEL = "swarmyard.made";

/** Label with the availability that a node had before its Docker engine was upgraded: the upgrade gives it back. */
export const BEFORE_LABEL = "swarmyard.before-upgrade";

/** Labels of a Docker object. */
export type Labels = { readonly [key: string]: string };

/** `<project>/<stack>` of a URN (`urn:pulumi:<stack>::<project>::<types>::<name>`). */
export function stackOf(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

/** The labels that every object of this resource carries. */
export function ownerLabels(urn: string): Labels {
  return { [STACK_LABEL]: stackOf(urn), [URN_LABEL]: urn };
}

/** The labels without our own. */
export function visibleLabels(labels: Labels | null | undefined): Labels {
  const shown = Object.entries(labels ?? {}).filter(
    ([key]) => ![STACK_LABEL, URN_LABEL, MADE_LABEL, BEFORE_LABEL].includes(key),
  );
  return Object.fromEntries(shown);
}

/** True when the object was made by this very resource. */
export function isOwn(labels: Labels | null | undefined, urn: string): boolean {
  return labels?.[URN_LABEL] === urn;
}

/** True when the object belongs to the stack of this resource. */
export function isOfStack(labels: Labels | null | undefined, urn: string): boolean {
  return labels?.[STACK_LABEL] === stackOf(urn);
}

/** True when no environment made the object: somebody did by hand, or another tool. */
export function isUnowned(labels: Labels | null | undefined): boolean {
  return labels?.[STACK_LABEL] === undefined;
}

/** The owner of an object, in words for an error message. */
export function describeOwner(labels: Labels | null | undefined): string {
  const stack = labels?.[STACK_LABEL] ?? labels?.["com.docker.stack.namespace"];
  const urn = labels?.[URN_LABEL];
  if (stack === undefined) {
    return "it has no stack label, so it was created by hand or by another tool";
  }
  return `it belongs to the stack ${stack}${urn === undefined ? "" : ` (${urn})`}`;
}
