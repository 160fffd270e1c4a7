import { expect, test } from "vitest";
import { registryHostPort } from "../../components/config/environment/addresses";
import { localEnvironment } from "../local-environment";

test("the registry's port depends on the stack alone and lies above the ports for SSH", () => {
  const { local } = localEnvironment("one");
  const port = registryHostPort("one", local);
  const moved = { ...local, portOffset: 1000 };
  expect(registryHostPort("one", moved)).toBe(port);
  expect(registryHostPort("two", local)).not.toBe(port);
  expect(port).toBeGreaterThanOrEqual(24000);
  expect(port).toBeLessThan(25000);
});
