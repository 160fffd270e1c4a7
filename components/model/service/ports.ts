import { below } from "../fields/field";
import { matching, whole } from "../fields/rules";
import * as t from "../fields/types";
import { isMap } from "../paths";

const port = t.record({
  /** Port inside the container. @example 80 */
  target: t
    .number(whole(1, 65535, 8080))
    .to("TargetPort")
    .required(),
  /** Port on the nodes. @default chosen by swarm @example 8080 */
  published: t
    .number(whole(0, 65535, 8080))
    .unless(0)
    .to("PublishedPort"),
  /** @default tcp */
  protocol: t.oneOf("tcp", "udp", "sctp").states("tcp").to("Protocol"),
  /** `host` publishes on the node that runs the task, `ingress` on every node. @default ingress, in a platform swarm.publish */
  mode: t.oneOf("ingress", "host").states("ingress").to("PublishMode"),
});

function portOrder(one: unknown): string {
  const { target, published, protocol, mode } = isMap(one) ? one : {};
  const padded = (part: unknown) => String(part ?? 0).padStart(6, "0");
  return [padded(target), padded(published), String(protocol), String(mode)].join(" ");
}

/** How a service is reached. */
export const endpointFields = below("EndpointSpec", {
  /** Ports of the service on the nodes. @default none @example [{ target: 80, published: 8080 }] */
  ports: t.set(port, "a list such as `[{ target: 80, published: 8080 }]`", portOrder).to("Ports"),
  /** One virtual address for the service, or the addresses of its tasks. @default vip, in a platform swarm.discovery */
  endpointMode: t.oneOf("vip", "dnsrr").unless("vip").to("Mode"),
});

const attachment = {
  /** Additional names that resolve to the service in this network. @default none @example [db] */
  aliases: t.set(t.text(matching(/./, "a name")), 'a list of names such as `["db"]`').to("Aliases"),
  /** Options of the network's driver. @default none */
  driverOptions: t.texts().to("DriverOpts"),
};

/** How a platform's service joins one of the platform's networks. */
export const attachmentSpec = t.record(attachment);

/** How a service is attached to one network. */
export const networkAttachment = t.record({
  /** Name of the network. */
  name: t.text(matching(/./, "the name of a network")).required(),
  ...attachment,
});
