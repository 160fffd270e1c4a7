import * as pulumi from "@pulumi/pulumi";
import { KIND_LABEL, STACK_LABEL, STATE_ID_VARIABLE, STATE_LABEL } from "../model/ownership";

/** Prefix of all names of an environment on this machine's Docker engine. */
export function localName(environment: string, ...parts: readonly string[]): string {
  return ["swarmyard", environment, ...parts].join("-");
}

/**
 * Labels in the form of @pulumi/docker: the stack's, and `swarmyard.kind` for what it is.
 *
 * @param kind For example `node`, `registry` or `share`.
 */
export function stackLabels(kind: string): { label: string; value: string }[] {
  return [
    { label: KIND_LABEL, value: kind },
    { label: STACK_LABEL, value: `${pulumi.getProject()}/${pulumi.getStack()}` },
  ];
}

/**
 * {@link stackLabels} with the id of the state folder. Docker cannot change labels, so give the
 * resource `ignoreChanges: ["labels"]`: an existing object keeps those that it has.
 */
export function ownerLabels(kind: string): { label: string; value: string }[] {
  const id = process.env[STATE_ID_VARIABLE];
  return [...stackLabels(kind), ...(id ? [{ label: STATE_LABEL, value: id }] : [])];
}
