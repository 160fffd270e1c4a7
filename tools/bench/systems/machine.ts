import { cpus, totalmem, type } from "node:os";

/** What the figures were measured on. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${type()}, ${cpus().length} × ${first?.model.trim()}, ${memory} GB`;
}
