import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Recorder } from "./recorder";

class Thing extends pulumi.CustomResource {
  constructor(name: string, props: object = {}) {
    super("test:index:Thing", name, props);
  }
}

test("the recorder fails when a type and name repeat", async () => {
  const recorder = new Recorder();
  new Thing("a");
  new Thing("b");
  new Thing("a");
  await expect(recorder.settle()).rejects.toThrow("made twice: test:index:Thing a");
});

test("the recorder distinguishes secrets from other inputs at any depth", async () => {
  const recorder = new Recorder();
  new Thing("a", { open: 1, hidden: { deep: [pulumi.secret("value")] } });
  await recorder.settle();
  expect(recorder.inputs("test:index:Thing", "a")).toEqual({
    open: 1,
    hidden: { deep: ["value"] },
  });
  expect(recorder.secrets("test:index:Thing", "a")).toEqual(["hidden"]);
});
