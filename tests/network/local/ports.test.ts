import { expect, test } from "vitest";
import { registryHostPort } from "../../../components/network/local/ports";
import { localEnvironment } from "../../local-environment";

test("the registry's port depends on the stack alone and lies above the ports for SSH", () => {
  const port = registryHostPort(localEnvironment("one"));
  expect(registryHostPort(localEnvironment("one", { hosts: [] }))).toBe(port);
  expect(registryHostPort(localEnvironment("two"))).not.toBe(port);
  expect(port).toBeGreaterThanOrEqual(24000);
  expect(port).toBeLessThan(25000);
});
