import { readFileSync } from "node:fs";

/** Linux capabilities by their number. */
const names = [
  ...["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"],
  ...["SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW"],
  ...["IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT"],
  ...["SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD"],
  ...["LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG"],
  ...["WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"],
];

/** Capabilities that this machine does not have, so that no container of it can. */
export function missingCapabilities(): readonly string[] {
  return missingOf(readFileSync("/proc/self/status", "utf8"));
}

/** The same from the text of a process's status. Pure. */
export function missingOf(status: string): readonly string[] {
  const [, bounding = "ffffffffffffffff"] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  const all = BigInt(`0x${bounding}`);
  return names.filter((_, number) => ((all >> BigInt(number)) & 1n) === 0n);
}
