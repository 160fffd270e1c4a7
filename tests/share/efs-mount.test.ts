import { expect, test } from "vitest";
import { mountScript } from "../../components/share/efs-mount";
import { lintScripts } from "../lint-scripts";

test("the script is what it was", () => {
  expect(mountScript()).toMatchSnapshot();
});

lintScripts({ "the script": mountScript() });
