import { formatBytes, formatDuration } from "../quantities";
import { given } from "./presence";
import type { WireContainer, WireFile, WireMount } from "./wire";

type Loose = { readonly [key: string]: unknown };

/** The container part of a live service, in the words of the inputs. */
export function observedContainer(live: WireContainer): Loose {
  return {
    entrypoint: live.Command,
    command: live.Args,
    hostname: live.Hostname,
    env: Object.fromEntries((live.Env ?? []).map(environmentEntry)),
    containerLabels: live.Labels,
    user: live.User,
    groups: live.Groups,
    workingDir: live.Dir,
    tty: live.TTY,
    openStdin: live.OpenStdin,
    readOnly: live.ReadOnly,
    init: live.Init,
    stopSignal: live.StopSignal,
    stopGracePeriod: given(live.StopGracePeriod ?? undefined, formatDuration),
    extraHosts: Object.fromEntries((live.Hosts ?? []).flatMap(hostEntries)),
    dns: {
      nameservers: live.DNSConfig?.Nameservers,
      search: live.DNSConfig?.Search,
      options: live.DNSConfig?.Options,
    },
    sysctls: live.Sysctls,
    capAdd: live.CapabilityAdd,
    capDrop: live.CapabilityDrop,
    ulimits: Object.fromEntries(
      (live.Ulimits ?? []).map(({ Name, Soft, Hard }) => [Name, { soft: Soft, hard: Hard }]),
    ),
    healthcheck: given(live.Healthcheck ?? undefined, (check) => ({
      test: check.Test,
      interval: given(check.Interval, formatDuration),
      timeout: given(check.Timeout, formatDuration),
      retries: check.Retries,
      startPeriod: given(check.StartPeriod, formatDuration),
      startInterval: given(check.StartInterval, formatDuration),
    })),
    mounts: Object.fromEntries((live.Mounts ?? []).map((mount) => [mount.Target, observed(mount)])),
    secrets: Object.fromEntries(
      (live.Secrets ?? []).map(({ SecretName, File }) => file(SecretName, File)),
    ),
    configs: Object.fromEntries(
      (live.Configs ?? []).map(({ ConfigName, File }) => file(ConfigName, File)),
    ),
  };
}

function environmentEntry(entry: string): [string, string | null] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, null] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** An entry is `address name…`, as in /etc/hosts. */
function hostEntries(entry: string): [string, string][] {
  const [address = "", ...names] = entry.split(/\s+/);
  return names.map((name) => [name, address]);
}

function observed(mount: WireMount): Loose {
  const { VolumeOptions: volume, TmpfsOptions: tmpfs } = mount;
  return {
    type: mount.Type,
    source: mount.Source,
    readOnly: mount.ReadOnly,
    bind: { propagation: mount.BindOptions?.Propagation },
    volume: {
      noCopy: volume?.NoCopy,
      labels: volume?.Labels,
      driver: volume?.DriverConfig?.Name,
      driverOptions: volume?.DriverConfig?.Options,
    },
    tmpfs: { size: given(tmpfs?.SizeBytes, formatBytes), mode: tmpfs?.Mode },
  };
}

function file(source: string | undefined, live: WireFile | null | undefined): [string, Loose] {
  const { Name = "", UID, GID, Mode } = live ?? {};
  return [Name, { source, uid: UID, gid: GID, mode: Mode }];
}
