import * as fs from "node:fs";
import * as path from "node:path";

/** The page about a platform of your own. */
export const page = fs.readFileSync(path.resolve(__dirname, "../docs/platform.md"), "utf8");

/** The text of the page's code block that begins after a sentence. */
function block(language: string, after: string): string {
  const rest = page.slice(page.indexOf(after));
  const [, text] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(rest) ?? [];
  if (text === undefined || !page.includes(after)) throw new Error(`no ${language} after ${after}`);
  return text;
}

/** The files of platforms/shop that the page shows, and a password. */
export const files = {
  "app/Dockerfile": block("dockerfile", "The `Dockerfile`"),
  "app/shop.py": block("python", "And `shop.py`"),
  "compose.yaml": block("yaml", "**As a compose file**"),
  "index.ts": block("ts", "**Or in TypeScript**"),
  "db_password.txt": "abc",
};

/** A local environment file with the changes of the page. */
export function asThePageSays(local: string): string {
  const settings = block("text", "replace the last two lines");
  return local.replace(/ {2}swarmyard:platforms:\n {4}demo: \{\}\n/, settings);
}
