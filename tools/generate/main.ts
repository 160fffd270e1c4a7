import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generated } from "./generate";

const root = join(__dirname, "../..");
for (const [path, text] of Object.entries(generated(root))) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
