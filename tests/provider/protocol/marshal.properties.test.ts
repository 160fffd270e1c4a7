import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, test } from "vitest";
import { hasUnknown } from "../../../components/model/paths";
import { unwrap, wrap } from "../../../components/provider/protocol/marshal";
import { anyKey, fc } from "../../properties";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the Pulumi engine sends: values, unknown ones, and secrets that hold no other secret. */
const { value } = fc.letrec<{ plain: unknown; value: unknown }>((tie) => ({
  plain: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom(null, unknown)),
    fc.array(tie("plain"), { maxLength: 3 }),
    fc.dictionary(anyKey, tie("plain"), { maxKeys: 3, noNullPrototype: true }),
  ),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("plain"),
    tie("plain").map(secret),
    fc.dictionary(anyKey, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const message = fc.dictionary(anyKey, value, { maxKeys: 5, noNullPrototype: true });

const struct = (value: object) =>
  Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
const sentOver = (struct: Struct) => Struct.deserializeBinary(struct.serializeBinary());

describe("unwrap and wrap", () => {
  test("give back what the Pulumi engine sent", () => {
    fc.assert(
      fc.property(message, (sent) => {
        const { value, secrets } = unwrap(sentOver(struct(sent)));
        expect(sentOver(wrap(value, secrets)).toJavaScript()).toEqual(sent);
      }),
    );
  });

  test("no secret is sent in clear, wherever it stands", () => {
    const marked = fc.array(anyKey, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(message, marked, (sent, keys) => {
        const nested = keys.reduceRight<unknown>(
          (inner, key) => ({ [key]: inner }),
          secret("hush"),
        );
        const { value, secrets } = unwrap(struct({ ...sent, ...(nested as object) }));
        expect(secrets.size).toBeGreaterThan(0);
        const seen = JSON.stringify(wrap(value, secrets).toJavaScript(), (_, item) =>
          item?.["4dabf18193072939515e22adb298388d"] === undefined ? item : "secret",
        );
        expect(seen).not.toContain("hush");
      }),
    );
  });

  test("unknown values stay unknown", () => {
    fc.assert(
      fc.property(message, (sent) => {
        const { value, secrets } = unwrap(struct(sent));
        expect(hasUnknown(value)).toBe(JSON.stringify(sent).includes(unknown));
        expect(hasUnknown(unwrap(wrap(value, secrets)).value)).toBe(hasUnknown(value));
      }),
    );
  });
});
