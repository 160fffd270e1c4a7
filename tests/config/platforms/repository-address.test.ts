import { expect, test } from "vitest";
import { platformEntry } from "../../../components/config/schema/platform-entry";
import { findingsIn } from "../../../components/model/fields/findings";

const ref = "6f1893a0c2f5b9d6a1e8d3c7b4a09f2e5d6c7b8a";
const findings = (git: string) => findingsIn(platformEntry, { source: { git, ref } });

test.each([
  "https://example.org/shop.git",
  "http://[2001:db8::1]:8080/a/b",
  "ssh://git@example.org:2222/shop.git",
  "git@example.org:me/shop.git",
  "https://example.org/~me/shop@v2.git",
  "file:///srv/shop.git",
  "/srv/a@b/shop.git",
])("the address of a repository: %s", (address) => {
  expect(findings(address)).toEqual([]);
});

test.each([
  "https://TOKEN@github.com/me/shop.git",
  "HTTPS://TOKEN@github.com/me/shop.git",
  "https://user%3Apw@example.org/shop.git",
  "https://user:pw@example.org/shop.git",
  "https://example.org/shop.git?private_token=TOKEN",
  "ssh://user:pw@example.org/shop.git",
  "ssh://user%3Apw@example.org/shop.git",
])("a login in an address is refused, and not printed: %s", (address) => {
  expect(findings(address)).toEqual([
    {
      keys: ["source", "git"],
      found: "an address with a login in it",
      allowed:
        "the address of a git repository, without a login, such as `https://example.org/shop.git`",
      fix: "the address alone; git finds the login (`git config credential.helper`), or use ssh",
    },
  ]);
});

test.each(["shop", "ext::sh -c id", "https://example.org/a b"])(
  "something else is not an address: %s",
  (address) => {
    expect(findings(address).map(({ found }) => found)).toEqual([JSON.stringify(address)]);
  },
);

test("a very long address is refused at once", () => {
  const start = performance.now();
  const long = `x://${":".repeat(100_000)}`;
  expect(findings(long).map(({ found }) => found)).toEqual(["100004 characters"]);
  expect(performance.now() - start).toBeLessThan(2000);
});
