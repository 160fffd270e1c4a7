import * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../engine/endpoints";
import type { Host } from "../hosts/host";

/** The endpoint of one host. */
export function endpointOf(host: Host): pulumi.Output<Endpoint> {
  const { ssh, name } = host;
  const { role } = host.settings;
  if ("connection" in ssh) return ssh.connection.apply((way) => ({ ...way, name, role }));
  return pulumi
    .all([ssh.host, ssh.port, ssh.hostKey, ssh.privateKey])
    .apply(([address, port, hostKey, privateKey]) => ({
      name,
      role,
      host: address,
      port,
      user: ssh.user,
      hostKey,
      privateKey,
    }));
}
