import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/** A key pair of WireGuard, as `wg` writes it. */
export interface MeshKeys {
  /** A secret. */
  readonly privateKey: string;
  readonly publicKey: string;
}

/** What comes before the 32 bytes of an X25519 key in PKCS #8. */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** The key pair that a random salt stands for: always the same for the same salt. */
export function meshKeys(salt: string): MeshKeys {
  const seed = createHash("sha256").update(`swarmyard mesh ${salt}`).digest();
  // As WireGuard asks: a multiple of 8, with the second-highest bit set.
  const clamped = Buffer.concat([
    Buffer.from([(seed[0] ?? 0) & 248]),
    seed.subarray(1, 31),
    Buffer.from([((seed[31] ?? 0) & 127) | 64]),
  ]);
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8, clamped]),
    format: "der",
    type: "pkcs8",
  });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    privateKey: clamped.toString("base64"),
    publicKey: Buffer.from(x, "base64url").toString("base64"),
  };
}
