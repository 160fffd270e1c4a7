import type { Environment } from "../../components/config/environment/environment";
import { createHosts } from "../../components/hosts";
import type { Host } from "../../components/hosts/host";
import { createNetwork } from "../../components/network";
import type { Recorder } from "../recorder";

/** All hosts of an environment, made side by side. */
export async function hostsOn(environment: Environment, recorder: Recorder): Promise<Host[]> {
  const network = await createNetwork(environment, recorder.opts);
  const makers = await createHosts(environment, { network }, recorder.opts);
  const hosts = makers.map((maker) => maker.make());
  await recorder.settle();
  return hosts;
}
