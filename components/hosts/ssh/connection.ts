import * as pulumi from "@pulumi/pulumi";
import type { SshHostSettings } from "../../config/environment/environment";
import type { SshKey, SshLoginSettings } from "../../config/environment/ssh";
import { secretValue } from "../../config/secret-value";
import type { Connection, Login } from "../../engine/login";

/** How to reach an existing machine, as its settings say; a secret where it holds one. */
export function connectionOf({ ssh }: Pick<SshHostSettings, "ssh">): pulumi.Output<Connection> {
  const { sudoPassword, via } = ssh;
  const password = sudoPassword === undefined ? undefined : secretValue(sudoPassword);
  return pulumi
    .all([loginOf(ssh), pulumi.all(via.map(loginOf)), password] as const)
    .apply(([login, hops, sudo]) => ({
      ...login,
      ...(hops.length === 0 ? {} : { via: hops }),
      ...(sudo === undefined ? {} : { sudoPassword: sudo }),
    }));
}

function loginOf({ address, port, user, key, hostKey }: SshLoginSettings): pulumi.Output<Login> {
  return keyOf(key).apply((credentials) => ({
    host: address,
    port,
    user,
    ...(hostKey === undefined ? {} : { hostKey }),
    ...credentials,
  }));
}

type Credentials = Pick<Login, "privateKey" | "keyFile" | "passphrase">;

function keyOf(key: SshKey): pulumi.Output<Credentials> {
  if (key.kind === "agent") return pulumi.output({});
  const passphrase = key.passphrase === undefined ? undefined : secretValue(key.passphrase);
  const text = key.kind === "secret" ? secretValue(key.secret) : undefined;
  return pulumi.all([text, passphrase] as const).apply(([privateKey, opened]) => ({
    ...(key.kind === "file" ? { keyFile: key.path } : {}),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(opened === undefined ? {} : { passphrase: opened }),
  }));
}
