import type { PlatformSpec } from "../../components/model/platform/spec";

/** The network that other platforms join: it exists before them, and stays when they are recreated. */
export const platform: PlatformSpec = {
  folder: __dirname,
  // Room for some thousand tasks: one address each.
  networks: { main: { name: "main_network", subnet: "10.222.0.0/20" } },
  services: {},
};
