import { spawnSync } from "node:child_process";
import { printable } from "../../model/printable";

/** What git said. */
export interface Answer {
  readonly ok: boolean;
  /** Its output; when it failed, the last line of its errors. */
  readonly text: string;
}

/** A large repository over a slow line takes minutes. */
const TIMEOUT_MS = 10 * 60_000;

/**
 * Variables that name another repository than the folder's, as hooks and aliases of git set them.
 * Those that only configure git stay: a workflow may give its login by them.
 */
const elsewhere = new Set([
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_CONFIG",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_NAMESPACE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
]);

function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !elsewhere.has(name)));
}

/**
 * Runs git in a folder, on no other repository. It asks for nothing, runs no hooks, and reaches repositories only over the usual
 * protocols: an address can name a program to run.
 */
export function git(args: readonly string[], folder: string): Answer {
  const { status, stdout, stderr, error } = spawnSync(
    "git",
    ["-c", "core.hooksPath=/dev/null", ...args],
    {
      cwd: folder,
      encoding: "utf8",
      timeout: TIMEOUT_MS,
      env: {
        GIT_SSH_COMMAND: "ssh -o BatchMode=yes -o ConnectTimeout=15",
        ...environmentOf(process.env),
        GIT_TERMINAL_PROMPT: "0",
        GIT_ALLOW_PROTOCOL: "file:git:http:https:ssh",
      },
    },
  );
  if (error !== undefined) return { ok: false, text: `git does not run: ${error.message}` };
  if (status === 0) return { ok: true, text: stdout.trim() };
  const lines = printable(stderr).trim().split("\n");
  return { ok: false, text: lines.find((line) => /^(fatal|error):/.test(line)) ?? lines[0] ?? "" };
}
