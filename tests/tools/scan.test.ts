import { expect, test } from "vitest";
import { parseArguments } from "../../tools/arguments";
import { scan } from "../../tools/commands/scan";
import { Progress } from "../../tools/setup/progress";

test.each(["local", "dockercoins"])(
  "an environment without ECR is refused, wherever its file is: %s",
  async (stack) => {
    const progress = new Progress({ write: () => true });
    await expect(scan(parseArguments(["scan", "-s", stack]), progress)).rejects.toThrow(
      `${stack} pushes no images to ECR, which is what scans them.`,
    );
  },
);
