import * as pulumi from "@pulumi/pulumi";
import { KIND_LABEL, STACK_LABEL } from "../model/ownership";

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
