import { parseBytes, parseDuration } from "../quantities";
import type { FileReference, Healthcheck, Mount, TaskInputs } from "./inputs";
import { filled, given, sortedEntries } from "./presence";
import { idOf, type Resolved } from "./resolved";
import type { WireContainer, WireFile, WireMount } from "./wire";

/** The container part of a service's body. */
export function containerBody(inputs: TaskInputs, resolved: Resolved): WireContainer {
  return {
    Image: resolved.image,
    Labels: inputs.containerLabels,
    Command: inputs.entrypoint,
    Args: inputs.command,
    Hostname: inputs.hostname,
    Env: filled(sortedEntries(inputs.env).map(environmentEntry)),
    Dir: inputs.workingDir,
    User: inputs.user,
    Groups: inputs.groups,
    Init: inputs.init,
    TTY: inputs.tty,
    OpenStdin: inputs.openStdin,
    ReadOnly: inputs.readOnly,
    StopSignal: inputs.stopSignal,
    StopGracePeriod: given(inputs.stopGracePeriod, parseDuration),
    Mounts: filled(sortedEntries(inputs.mounts).map(mountBody)),
    Healthcheck: given(inputs.healthcheck, healthcheckBody),
    Hosts: filled(sortedEntries(inputs.extraHosts).map(([name, address]) => `${address} ${name}`)),
    DNSConfig: given(inputs.dns, ({ nameservers, search, options }) => ({
      Nameservers: nameservers,
      Search: search,
      Options: options,
    })),
    ...references(inputs, resolved),
    Sysctls: inputs.sysctls,
    CapabilityAdd: inputs.capAdd,
    CapabilityDrop: inputs.capDrop,
    Ulimits: filled(
      sortedEntries(inputs.ulimits).map(([name, limit]) => ({
        Name: name,
        Soft: limit.soft,
        Hard: limit.hard,
      })),
    ),
  };
}

function environmentEntry([name, value]: [string, string | null]): string {
  return value === null ? name : `${name}=${value}`;
}

function mountBody([target, mount]: [string, Mount]): WireMount {
  return {
    Type: mount.type,
    Source: mount.source,
    Target: target,
    ReadOnly: mount.readOnly,
    BindOptions: given(mount.bind, ({ propagation }) => ({ Propagation: propagation })),
    VolumeOptions: given(mount.volume, ({ noCopy, labels, driver, driverOptions }) => ({
      NoCopy: noCopy,
      Labels: labels,
      DriverConfig:
        driver === undefined && driverOptions === undefined
          ? undefined
          : { Name: driver, Options: driverOptions },
    })),
    TmpfsOptions: given(mount.tmpfs, ({ size, mode }) => ({
      SizeBytes: given(size, parseBytes),
      Mode: mode,
    })),
  };
}

function healthcheckBody(check: Healthcheck): WireContainer["Healthcheck"] {
  return {
    Test: check.test,
    Interval: given(check.interval, parseDuration),
    Timeout: given(check.timeout, parseDuration),
    Retries: check.retries,
    StartPeriod: given(check.startPeriod, parseDuration),
    StartInterval: given(check.startInterval, parseDuration),
  };
}

function references(
  inputs: TaskInputs,
  resolved: Resolved,
): Pick<WireContainer, "Secrets" | "Configs"> {
  return {
    Secrets: filled(
      sortedEntries(inputs.secrets).map(([target, secret]) => ({
        SecretID: idOf("secret", resolved.secrets, secret.source),
        SecretName: secret.source,
        File: fileBody(target, secret),
      })),
    ),
    Configs: filled(
      sortedEntries(inputs.configs).map(([target, config]) => ({
        ConfigID: idOf("config", resolved.configs, config.source),
        ConfigName: config.source,
        File: fileBody(target, config),
      })),
    ),
  };
}

function fileBody(target: string, { uid = "0", gid = "0", mode = 0o444 }: FileReference): WireFile {
  return { Name: target, UID: uid, GID: gid, Mode: mode };
}
