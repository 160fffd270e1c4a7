import { expect, test } from "vitest";

test("four", () => expect(1).toBe(1));
test.skip("five", () => expect(1).toBe(1));
