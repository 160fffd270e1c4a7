import * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../engine/endpoints";
import type { Host } from "../hosts/host";

/** The endpoint of one host. */
export function endpointOf(host: Host): pulumi.Output<Endpoint> {
  const { ssh } = host;
  return pulumi
    .all([ssh.host, ssh.port, ssh.hostKey, ssh.privateKey])
    .apply(([address, port, hostKey, privateKey]) => ({
      name: host.name,
      role: host.settings.role,
      host: address,
      port,
      user: ssh.user,
      hostKey,
      privateKey,
    }));
}
