import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "../../tools/setup/progress";
import { Stack } from "../../tools/setup/stack";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-environment-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("what runs below Pulumi does not read all certificates when it starts", async () => {
  vi.stubEnv("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt");
  const command = join(folder, "pulumi");
  const script = `#!/bin/sh\necho "{ \\"found\\": \\"\${NODE_EXTRA_CA_CERTS-none}\\", \\"other\\": \\"$OTHER\\" }"\n`;
  writeFileSync(command, script, { mode: 0o700 });
  const stack = new Stack({
    name: "local",
    file: { project: "swarmyard", local: true, aws: false },
    folders: { cache: folder, state: folder },
    pulumi: { command, home: folder, origin: "path" },
    variables: { OTHER: "given" },
    progress: new Progress({ write: () => true }),
  });
  expect(await stack.export()).toEqual({ found: "none", other: "given" });
});
