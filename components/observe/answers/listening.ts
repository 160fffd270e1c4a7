/** A TCP port that a program listens on. */
export interface Listening {
  readonly port: number;
  /** Only the container itself can reach it. */
  readonly loopback: boolean;
}

const LISTEN = "0A";

/** Ports that programs listen on, from the text of `/proc/<pid>/net/tcp` and `tcp6`. Pure. */
export function listeningIn(text: string): readonly Listening[] {
  const found = text.split("\n").flatMap((line): Listening[] => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== LISTEN || !/^[0-9A-F]+$/i.test(port)) return [];
    return [{ port: Number.parseInt(port, 16), loopback: isLoopback(address) }];
  });
  const open = found.filter(({ loopback }) => !loopback);
  const hidden = found.filter((one) => one.loopback && !open.some(({ port }) => port === one.port));
  const all = new Map([...open, ...hidden].map((one) => [one.port, one]));
  return [...all.values()].sort((a, b) => a.port - b.port);
}

/** Addresses are written in words of 32 bits, each with its last byte first. */
function isLoopback(hex: string): boolean {
  if (hex.length === 8) return hex.endsWith("7F");
  return /^0{24}01000000$/.test(hex) || /^0{16}FFFF0000.{6}7F$/i.test(hex);
}

/** The setting that names a port on which a program must listen. */
export interface PortSetting {
  readonly key: string;
  /** Whose it is, for people. */
  readonly of: string;
}

/** Why a program does not answer on a port, and what to do; undefined when it listens there. Pure. */
export function whyNotListening(
  target: number,
  listening: readonly Listening[],
  { key, of }: PortSetting = { key: "target", of: "" },
): { readonly text: string; readonly remedy: string; readonly certain: boolean } | undefined {
  const there = listening.find(({ port }) => port === target);
  if (there !== undefined && !there.loopback) return undefined;
  if (there !== undefined) {
    const text = `its program listens on port ${target} of 127.0.0.1 only`;
    return { text, remedy: "let the program listen on 0.0.0.0", certain: true };
  }
  const open = listening.filter(({ loopback }) => !loopback).map(({ port }) => port);
  if (open.length === 0) {
    const text = `its program listens on no port, so not on ${target} either`;
    const remedy = `correct \`command\` or \`${key}\`${of}; a program that starts slowly needs a \`healthcheck\`, or a longer \`timeout\` in the platform's \`rollout\``;
    return { text, remedy, certain: false };
  }
  const ports = open.join(", ");
  return {
    text: `its program listens on ${ports}, not on ${target}`,
    remedy: `\`${key}: ${open[0]}\`${of}, or let the program listen on ${target}`,
    certain: true,
  };
}
