import type { ServiceSpec } from "../../../model/platform/service-spec";
import type { Keys } from "../../../model/problem";
import { absolute } from "../../long/place";
import { itemsOf, member, type Node } from "../../tree";
import type { Context } from "../context";
import { filled } from "../values";

type Privileges = NonNullable<ServiceSpec["privileges"]>;

/** What `security_opt` and `credential_spec` say, which Docker leaves out of services. */
export function privilegesOf(service: Node, keys: Keys, context: Context): Privileges | undefined {
  const options = itemsOf(member(service, "security_opt")).map((item, index) => {
    const where = [...keys, "security_opt", index];
    const text = context.values.text(item, where) ?? "";
    const [, name = text, value = ""] = /^([\w-]+)[:=](.*)$/.exec(text) ?? [];
    const made = optionOf(name, value, context);
    if (made === undefined) {
      context.findings.impossible(item.at, where, {
        found: `${JSON.stringify(text)}, which services do not have; \`docker stack deploy\` leaves it out with a warning`,
        allowed:
          "no-new-privileges, seccomp:unconfined, seccomp:<file>, apparmor:unconfined, label:disable, label:<user, role, level or type>:<text>",
        fix: "one of these, or remove it",
      });
    }
    return made ?? {};
  });
  const selinuxContext = Object.assign({}, ...options.map((one) => one.selinuxContext));
  return filled({
    ...Object.assign({}, ...options),
    selinuxContext: filled(selinuxContext),
    credentialSpec: credentialsOf(service, keys, context),
  });
}

function optionOf(name: string, value: string, context: Context): Privileges | undefined {
  if (name === "no-new-privileges") return { noNewPrivileges: value !== "false" };
  if (name === "apparmor" && value === "unconfined") return { appArmor: { mode: "disabled" } };
  if (name === "seccomp" && value === "unconfined") return { seccomp: { mode: "unconfined" } };
  if (name === "seccomp") {
    const profile = context.request.read(absolute(value, context));
    return profile === undefined ? undefined : { seccomp: { mode: "custom", profile } };
  }
  if (name !== "label") return undefined;
  if (value === "disable") return { selinuxContext: { disable: true } };
  const label = /^(user|role|type|level)[:=](.+)$/.exec(value);
  return label === null ? undefined : { selinuxContext: { [label[1] ?? ""]: label[2] } };
}

function credentialsOf(
  service: Node,
  keys: Keys,
  { values }: Context,
): Privileges["credentialSpec"] {
  const node = member(service, "credential_spec");
  const text = (key: string) => values.text(member(node, key), [...keys, "credential_spec", key]);
  return filled({ file: text("file"), registry: text("registry") });
}
