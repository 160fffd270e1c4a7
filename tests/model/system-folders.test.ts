import { expect, test } from "vitest";
import { isOfSystem, isSystemOnly, onNode } from "../../components/model/system-folders";

test.each([
  ["/srv/../etc/", "/etc"],
  ["//var/./lib//docker", "/var/lib/docker"],
  ["/", "/"],
  ["/../..", "/"],
  ["srv", "/srv"],
])("nodes read %s as %s", (path, read) => {
  expect(onNode(path)).toBe(read);
});

test.each([
  ["/var/lib/docker", true, true],
  ["/srv/../etc/", true, true],
  ["/libx32", true, true],
  ["/run/app", true, false],
  ["/root", true, false],
  ["/tmp/", true, false],
  ["/srv/etc", false, false],
  ["/etcetera", false, false],
  ["/", false, false],
])("%s is in a folder of the system: %s, of the system alone: %s", (path, system, only) => {
  expect([isOfSystem(path), isSystemOnly(path)]).toEqual([system, only]);
});
