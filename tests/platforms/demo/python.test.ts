import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { platform } from "../../../platforms/demo";

const python = spawnSync("python3", ["-c", "import sys; print(sys.version_info >= (3, 10))"], {
  encoding: "utf8",
});

test("the demo's Python passes its own tests", { timeout: 60_000 }, (context) => {
  if (python.stdout?.trim() !== "True") context.skip("there is no python3 of 3.10 or newer here");
  const images = join(platform.folder, "images");
  const run = spawnSync(
    "python3",
    ["-m", "unittest", "discover", "-s", join(__dirname, "python")],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        PYTHONPATH: [join(images, "app"), join(images, "web")].join(":"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
    },
  );
  expect(run.stderr).toMatch(/Ran [1-9]\d* tests/);
  expect(run.status, run.stderr).toBe(0);
});
