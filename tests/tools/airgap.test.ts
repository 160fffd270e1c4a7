import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json";

// Its files are read as data: nothing outside of tools/airgap loads one.
const folder = join(__dirname, "../../tools/airgap");
const versions = JSON.parse(readFileSync(join(folder, "versions.json"), "utf8"));

/** The version that a go.mod asks for of a module. */
function required(module: string, path: string): string | undefined {
  const text = readFileSync(join(folder, module, "go.mod"), "utf8");
  const line = text.split("\n").find((one) => one.trim().startsWith(`${path} v`));
  return line?.trim().split(" ")[1];
}

describe("the pinned versions", () => {
  test("are those of the npm packages", () => {
    expect(manifest.dependencies["@pulumi/pulumi"]).toBe(versions.cli);
    expect(manifest.dependencies["@pulumi/docker"]).toBe(versions.docker);
    expect(manifest.dependencies["@pulumi/command"]).toBe(versions.command);
    expect(manifest.dependencies["@pulumi/aws"]).toBe(versions.aws);
  });

  test("are those of the Go modules", () => {
    expect(required("cli", "github.com/pulumi/pulumi/pkg/v3")).toBe(`v${versions.cli}`);
    expect(required("cli", "github.com/pulumi/pulumi/sdk/v3")).toBe(`v${versions.cli}`);
    expect(required("language-nodejs", "github.com/pulumi/pulumi/sdk/v3")).toBe(
      `v${versions.languageHost}`,
    );
    expect(required("aws-plugin", "github.com/hashicorp/terraform-provider-aws")).toBe(
      versions.awsProvider,
    );
  });

  test.each(["cli", "language-nodejs", "docker-plugin", "command-plugin", "parent"])(
    "name the Go that %s asks for",
    (module) => {
      const text = readFileSync(join(folder, module, "go.mod"), "utf8");
      expect(/^go (.+)$/m.exec(text)?.[1]).toBe(versions.go);
    },
  );
});
