import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { checkerOf } from "../model/fields/check";
import { type Properties, UNKNOWN } from "../model/values";
import type { KindContext } from "./context";
import type { Kind } from "./kind";

/** An ed25519 key pair and a random salt, created once and kept in the state. Needs no swarm. */
export const keyKind: Kind<Properties, KindContext> = {
  token: "swarm:index:Key",
  secrets: ["privateKey", "salt"],
  check: checkerOf({}),
  diff: () => [],
  plan: (_, old) => ({
    publicKey: old?.state.publicKey ?? UNKNOWN,
    privateKey: old?.state.privateKey ?? UNKNOWN,
    salt: old?.state.salt ?? UNKNOWN,
  }),
  async create() {
    const { publicKey, privateKey } = makeKeyPair();
    const salt = randomBytes(32).toString("hex");
    const id = createHash("sha256").update(publicKey).digest("hex").slice(0, 16);
    return { id, state: { publicKey, privateKey, salt } };
  },
  async read(id, old) {
    if (!old) throw new Error("a Key cannot be imported; let Pulumi create a new one");
    return { id, inputs: old.inputs, state: old.state };
  },
  update: async ({ id, state }) => ({ id, state }),
  async delete() {},
};

/** A field of SSH's wire format: its length and its bytes. */
function field(bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes as string);
  return Buffer.concat([number(content.length), content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/**
 * A new ed25519 pair: the public key as in authorized_keys, the private key in OpenSSH's own format.
 * Not by ssh2's generateKeyPairSync: that of 1.17.0 strips leading zeros, and about 0.4 % of its keys are bad.
 */
export function makeKeyPair(): { publicKey: string; privateKey: string } {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const open = Buffer.from(jwk.x ?? "", "base64url");
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const blob = Buffer.concat([field("ssh-ed25519"), field(open)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([
    ...[check, check, blob],
    ...[field(Buffer.concat([seed, open])), field("")],
  ]);
  const padding = Buffer.from(
    Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1),
  );
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[field("none"), field("none"), field(""), number(1), field(blob)],
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").replace(/.{70}(?=.)/g, "$&\n");
  const label = "OPENSSH PRIVATE KEY";
  return {
    publicKey: `ssh-ed25519 ${blob.toString("base64")}`,
    privateKey: `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`,
  };
}
