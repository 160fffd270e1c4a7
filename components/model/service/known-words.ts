import { listed, nearest, suggestion } from "../nearest";
import { isMap } from "../paths";
import { type About, describe, type Finding } from "../problem";
import { capabilityName } from "./capability-name";

// What the kernel and the Docker engine know by name. A word that they do not know is found only when
// a task starts, so it is refused before.

// cspell:disable
const CAPABILITIES =
  "AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM";

const SIGNALS =
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU UNUSED URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX";

const ULIMITS =
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack";

const SYSCTLS =
  "kernel.domainname kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall kernel.shmmax kernel.shmmni kernel.shm_rmid_forced";

const DRIVERS =
  "awslogs etwlogs fluentd gcplogs gelf journald json-file local logentries none splunk syslog";

// cspell:enable

/** Options of every log driver, and those of some. */
const DRIVER_OPTIONS: { readonly [driver: string]: string } = {
  "json-file": "max-size max-file compress labels labels-regex env env-regex tag",
  local: "max-size max-file compress",
  journald: "labels labels-regex env env-regex tag",
  gelf: "gelf-address gelf-compression-type gelf-compression-level gelf-tcp-max-reconnect gelf-tcp-reconnect-delay labels labels-regex env env-regex tag",
  syslog:
    "syslog-address syslog-facility syslog-tls-ca-cert syslog-tls-cert syslog-tls-key syslog-tls-skip-verify syslog-format labels labels-regex env env-regex tag",
  fluentd:
    "fluentd-address fluentd-async fluentd-async-connect fluentd-async-reconnect-interval fluentd-buffer-limit fluentd-max-retries fluentd-read-timeout fluentd-request-ack fluentd-retry-wait fluentd-sub-second-precision fluentd-write-timeout labels labels-regex env env-regex tag",
};

/** Addresses that drivers need or take, with the schemes that they know. */
const ADDRESSES: { readonly [driver: string]: RegExp } = {
  fluentd: /^((tcp|tls|unix):\/\/.|(?!.*:\/\/).)/,
  gelf: /^(udp|tcp):\/\/./,
  syslog: /^(udp|tcp|tcp\+tls|unix|unixgram):\/\/./,
};
const ANY_DRIVER = ["mode", "max-buffer-size"];

/** What is wrong with the name of a capability. */
export function capabilityFault(value: string): Partial<About> | undefined {
  const name = capabilityName(value);
  const known = CAPABILITIES.split(" ");
  if (name === "ALL" || known.includes(name)) return undefined;
  return { fix: suggestion(name, known, "a name as in `man capabilities`") };
}

/** What is wrong with the name or number of a signal. */
export function signalFault(value: string): Partial<About> | undefined {
  const name = value.toUpperCase().replace(/^SIG/, "");
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  const known = SIGNALS.split(" ");
  const isRealTime = /^(RTMIN\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4]))$/.test(name);
  if (known.includes(name) || isRealTime || (number >= 1 && number <= 64)) return undefined;
  const near = nearest(name, known);
  return { fix: near === undefined ? "`SIGTERM`" : `did you mean \`SIG${near}\`?` };
}

/** A log driver that may exist: one of Docker's, or a plugin whose name is not near one of them. */
export function isPlugin(driver: string): boolean {
  return !DRIVERS.split(" ").includes(driver);
}

/** Names in maps that the kernel or the Docker engine does not know. */
export function wordProblems(inputs: unknown): Finding[] {
  if (!isMap(inputs)) return [];
  const { sysctls, ulimits, logging } = inputs;
  return [
    ...unknownNames(sysctls, "sysctls", SYSCTLS.split(" "), isNamespaced),
    ...unknownNames(ulimits, "ulimits", ULIMITS.split(" "), () => false),
    ...(isMap(logging) ? logProblems(logging) : []),
  ];
}

// cspell:ignore mqueue
/** A setting that each container has for itself; the Docker engine refuses all others. */
function isNamespaced(name: string): boolean {
  return (
    /^(net|fs[./]mqueue)[./]/.test(name) || SYSCTLS.split(" ").includes(name.replaceAll("/", "."))
  );
}

function unknownNames(
  map: unknown,
  field: string,
  known: readonly string[],
  fits: (name: string) => boolean,
): Finding[] {
  return Object.keys(isMap(map) ? map : {}).flatMap((name) => {
    if (known.includes(name) || fits(name)) return [];
    const others = field === "sysctls" ? `net.…, fs.mqueue.…, ${listed(known)}` : listed(known);
    const fix = suggestion(name, known, "leave it out, or set it on the nodes");
    const found = `the name ${describe(name)}`;
    return [{ keys: [field, name], found, allowed: others, fix }];
  });
}

function logProblems({ driver, options }: { readonly [key: string]: unknown }): Finding[] {
  if (typeof driver !== "string") return [];
  const near = isPlugin(driver) ? nearest(driver, DRIVERS.split(" ")) : undefined;
  if (near !== undefined && !/[/:]/.test(driver)) {
    const allowed = `${DRIVERS.replaceAll(" ", ", ")}, or a plugin`;
    const fix = `did you mean \`${near}\`?`;
    return [{ keys: ["logging", "driver"], found: describe(driver), allowed, fix }];
  }
  const stated = isMap(options) ? options : {};
  const address = [
    ...addressProblems(driver, stated),
    ...bufferProblems(stated),
    ...compressProblems(driver, stated),
  ];
  const own = DRIVER_OPTIONS[driver];
  if (own === undefined) return address;
  const known = [...own.split(" "), ...ANY_DRIVER];
  const unknown = unknownNames(options, "options", known, () => false).map((finding) => ({
    ...finding,
    keys: ["logging", ...finding.keys],
    fix: suggestion(String(finding.keys[1]), known, "leave it out"),
  }));
  return [...unknown, ...address];
}

/** An address that a driver needs, or cannot read: tasks would not start. */
function addressProblems(driver: string, options: { readonly [key: string]: unknown }): Finding[] {
  const form = ADDRESSES[driver];
  const key = `${driver}-address`;
  const address = options[key];
  if (form === undefined || (address === undefined && driver !== "gelf")) return [];
  if (address !== undefined && (typeof address !== "string" || form.test(address))) return [];
  const host =
    typeof address === "string" ? address.replace(/^\w+:\/\//, "") : "logs.example.org:12201";
  const scheme = driver === "fluentd" ? "tcp" : "udp";
  const about = { found: describe(address), allowed: "an address with its scheme" };
  const fix = `\`${key}: ${scheme}://${host}\``;
  return [{ keys: ["logging", "options", key], ...about, fix }];
}

interface Options {
  readonly [key: string]: unknown;
}

/** How output is handed on, which every driver reads alike. */
function bufferProblems({ mode, "max-buffer-size": size }: Options): Finding[] {
  const at = (key: string) => ["logging", "options", key];
  if (typeof mode === "string" && !["", "blocking", "non-blocking"].includes(mode)) {
    const allowed = "blocking, non-blocking";
    return [{ keys: at("mode"), found: describe(mode), allowed, fix: "`mode: non-blocking`" }];
  }
  if (typeof size !== "string") return [];
  // The Docker engine's own settings may say it.
  if (mode !== undefined && mode !== "non-blocking") {
    const found = `${describe(size)} with mode blocking`;
    const fix = "`mode: non-blocking`";
    return [{ keys: at("max-buffer-size"), found, allowed: "only with that mode", fix }];
  }
  if (/^\d+(\.\d+)? ?([kmgt]i?b?|b)?$/i.test(size)) return [];
  const about = { found: describe(size), allowed: "a size such as 4m" };
  return [{ keys: at("max-buffer-size"), ...about, fix: "`max-buffer-size: 4m`" }];
}

function compressProblems(driver: string, { compress, "max-file": files }: Options): Finding[] {
  if (driver !== "json-file" || String(compress) !== "true" || String(files) !== "1") return [];
  const found = "true, with one file only";
  const fix = '`max-file: "3"`';
  const keys = ["logging", "options", "compress"];
  return [{ keys, found, allowed: "at least 2 files, of which older ones are compressed", fix }];
}
