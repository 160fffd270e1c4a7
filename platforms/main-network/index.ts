import type { PlatformSpec } from "../../components/model/platform/spec";

/** The network that other platforms join: it exists before them, and stays when they are recreated. */
export const platform: PlatformSpec = {
  folder: __dirname,
  networks: { main: { name: "main_network" } },
  services: {},
};
