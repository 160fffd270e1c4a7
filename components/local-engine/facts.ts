import { cpus, machine, totalmem } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import type { MachineSize } from "../model/placement/machine-size";
import { type KeptAddresses, keptAddresses } from "./kept-addresses";
import { kernelHasEsp, kernelHasIpvs } from "./kernel";
import { listeningPorts, type Occupied, occupied } from "./occupied";
import { survey } from "./survey";

/** What a program can know of the machine that it runs on. */
export interface MachineFacts {
  /** Whether the kernel of local hosts has IP_VS; undefined when that is unknown. */
  readonly ipvs: boolean | undefined;
  /** Whether it has ESP; undefined when that is unknown. */
  readonly esp: boolean | undefined;
  /** What local hosts have; undefined when the Docker engine runs elsewhere or does not answer. */
  readonly machine: MachineSize | undefined;
  /** What the first run of the environment chose. */
  readonly kept: KeptAddresses;
  /** What others hold; undefined when the Docker engine runs elsewhere or does not answer. */
  readonly occupied: Occupied | undefined;
}

/** What this machine gives containers. */
function machineSize(): MachineSize {
  return { cpus: cpus().length, memoryBytes: totalmem(), architecture: machine() };
}

/** Looks at this machine for the current stack. */
export async function machineFacts(): Promise<MachineFacts> {
  const stack = pulumi.getStack();
  const owner = `${pulumi.getProject()}/${stack}`;
  const found = await survey();
  return {
    // Local hosts run where the Docker engine runs, which may be another machine.
    ipvs: found === undefined ? undefined : kernelHasIpvs(),
    esp: kernelHasEsp(),
    machine: found === undefined ? undefined : machineSize(),
    kept: keptAddresses(stack, process.env),
    occupied: found === undefined ? undefined : occupied(found, listeningPorts(), owner),
  };
}
