import { readFileSync } from "node:fs";

/** Linux capabilities in the order of their bits. */
const CAPABILITIES = [
  ..."CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP".split(" "),
  ..."LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK".split(" "),
  ..."IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN".split(" "),
  ..."SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE".split(" "),
  ..."AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM".split(" "),
  ..."BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE".split(" "),
] as const;

/**
 * Capabilities that a process cannot give to a container, `CAP_`-prefixed.
 *
 * @param status Text of `/proc/<pid>/status`.
 */
export function missingCapabilities(status: string): string[] {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (bounding === undefined) return [];
  const set = BigInt(`0x${bounding}`);
  return CAPABILITIES.filter((_, bit) => (set & (1n << BigInt(bit))) === 0n).map(
    (name) => `CAP_${name}`,
  );
}

/**
 * Capabilities that this machine's Docker engine lacks, so that a container cannot request them.
 * None when it runs elsewhere, for example in the virtual machine of Docker Desktop.
 */
export function engineMissingCapabilities(environment = process.env): string[] {
  const host = environment.DOCKER_HOST ?? "";
  const elsewhere = environment.DOCKER_CONTEXT !== undefined || !/^(unix:|$)/.test(host);
  if (process.platform !== "linux" || elsewhere) return [];
  try {
    const pid = readFileSync("/var/run/docker.pid", "utf8").trim();
    return missingCapabilities(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // No Docker engine on this machine, or one whose process cannot be seen.
    return ownMissingCapabilities();
  }
}

/** What this process lacks; none when that says nothing about the Docker engine, as in a container. */
function ownMissingCapabilities(): string[] {
  const missing = missingCapabilities(readFileSync("/proc/self/status", "utf8"));
  return missing.includes("CAP_SYS_ADMIN") || missing.includes("CAP_NET_ADMIN") ? [] : missing;
}
