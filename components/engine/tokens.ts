import { createHash } from "node:crypto";
import type { LiveSwarm } from "./live";

/** Tells join tokens apart without giving them away: they are long and random, so nobody can guess them from it. */
export function tokensHash({ Manager, Worker }: LiveSwarm["JoinTokens"]): string {
  return createHash("sha256").update(`${Manager} ${Worker}`).digest("hex").slice(0, 16);
}
