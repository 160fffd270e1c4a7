import type * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { Mount, ServiceInputs } from "../../components/model/service/inputs";
import { type NodeArgs, Service } from "../../components/resources/resources";
import type { Swarm } from "../../components/swarm/swarm";
import type { Round } from "./case";

/** Fields of the provider's kinds that no environment file and no platform can set. */
type Beyond = Required<Pick<ServiceInputs, Exclude<keyof ServiceInputs, keyof ServiceSpec>>>;
type VolumeOptions = Required<NonNullable<Mount["volume"]>>;

/** A service with these fields, made beside the platforms. */
export function serviceBeyond(swarm: Swarm, round: Round): Service {
  const fields: Beyond = {
    name: "matrix-beyond",
    wait: round !== "without",
    waitFor: round === "first" ? "started" : "running",
    timeout: round === "first" ? "150s" : "5m",
  };
  const image = "registry:5000/matrix/by-hand:1";
  const mounts = { "/made": { type: "volume", source: "matrix-beyond", volume: optionsIn(round) } };
  return new Service("beyond", { ...fields, image, mounts } as never, swarm.on(swarm));
}

function optionsIn(round: Round): Omit<VolumeOptions, "subpath"> | undefined {
  if (round === "without") return undefined;
  return {
    noCopy: round === "first",
    labels: { "b.c": round },
    driver: "local",
    driverOptions: { type: "tmpfs", device: "tmpfs" },
  };
}

const availabilities: { readonly [round in Round]: NodeArgs["availability"] } = {
  first: "pause",
  next: "drain",
  without: "active",
};

/** Makes the node of a host take no tasks, some or all. */
export function availabilityOf(host: string, round: Round): pulumi.ResourceTransformation {
  return ({ type, name, props, opts }) =>
    type === "swarm:index:Node" && name.endsWith(host)
      ? { props: { ...props, availability: availabilities[round] }, opts }
      : undefined;
}
