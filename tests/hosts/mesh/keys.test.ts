import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import { expect, test } from "vitest";
import { meshKeys } from "../../../components/hosts/mesh/keys";

const asKeys = ({ privateKey, publicKey }: { privateKey: string; publicKey: string }) => {
  const der = (prefix: string, key: string) =>
    Buffer.concat([Buffer.from(prefix, "hex"), Buffer.from(key, "base64")]);
  return {
    privateKey: createPrivateKey({
      key: der("302e020100300506032b656e04220420", privateKey),
      format: "der",
      type: "pkcs8",
    }),
    publicKey: createPublicKey({
      key: der("302a300506032b656e032100", publicKey),
      format: "der",
      type: "spki",
    }),
  };
};

test("two nodes agree on a secret", () => {
  const [one, other] = [asKeys(meshKeys("salt of one")), asKeys(meshKeys("salt of the other"))];
  const mine = diffieHellman({ privateKey: one.privateKey, publicKey: other.publicKey });
  const theirs = diffieHellman({ privateKey: other.privateKey, publicKey: one.publicKey });
  expect(mine.equals(theirs)).toBe(true);
});

test("a salt gives one pair, another one another, of 32 bytes in the form that WireGuard writes", () => {
  expect(meshKeys("salt")).toEqual(meshKeys("salt"));
  expect(meshKeys("salt").publicKey).not.toBe(meshKeys("salts").publicKey);
  for (const salt of ["a", "b", "c", "d"]) {
    const { privateKey, publicKey } = meshKeys(salt);
    const bytes = Buffer.from(privateKey, "base64");
    expect([bytes.length, Buffer.from(publicKey, "base64").length]).toEqual([32, 32]);
    expect([(bytes[0] ?? 0) & 7, (bytes[31] ?? 0) >> 6]).toEqual([0, 1]);
    expect(privateKey).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  }
});

test("the public key is the one that belongs to the private key", () => {
  const { privateKey, publicKey } = meshKeys("salt");
  const derived = createPublicKey(asKeys({ privateKey, publicKey }).privateKey);
  expect(derived.export({ format: "jwk" }).x).toBe(
    Buffer.from(publicKey, "base64").toString("base64url"),
  );
});
