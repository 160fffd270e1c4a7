import { realName } from "../../model/platform/names";
import { type At, entriesOf, member, type Node } from "../tree";
import type { Context } from "./context";

const LONGEST = 63;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;

/** Whether a Docker engine takes a service of this key. */
export function isServiceName(key: string, { request }: Pick<Context, "request">): boolean {
  const name = realName(request.name, key);
  return name.length <= LONGEST && NAME.test(name);
}

/** The services of the file whose names a Docker engine takes; others are reported. */
export function servicesOf(context: Context): readonly (readonly [string, Node])[] {
  return entriesOf(member(context.root, "services")).flatMap(([key, { at, value }]) => {
    if (isServiceName(key, context)) return [[key, value] as const];
    refuse(key, at, context);
    return [];
  });
}

function refuse(key: string, at: At, { findings, request }: Context): void {
  const plain = key.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^[-_]+|[-_]+$/g, "");
  const name = realName(request.name, key);
  const long = NAME.test(name);
  findings.wrong(at, ["services", key], {
    found: long
      ? `${name}, which has ${name.length} letters; Docker engines refuse such a service`
      : `the key ${JSON.stringify(key)}; Docker engines refuse a service of that name`,
    allowed: `letters, digits, - and _, up to ${LONGEST} together with the platform's name`,
    fix: long
      ? "a shorter key"
      : `\`${plain || "web"}\`, with ${JSON.stringify(key)} in \`aliases\` of its networks`,
  });
}
