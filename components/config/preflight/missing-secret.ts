import { nearest } from "../../model/nearest";
import { secretsFile } from "../file/local-secrets";
import type { Flight } from "./flight";

/** What to do about a secret that is missing: how to set it, and a key that may be meant. */
export function setSecret(key: string, { environment, world }: Flight): string {
  const { name, hosts } = environment;
  const local = hosts.length > 0 && hosts.every(({ kind }) => kind === "local");
  const set = local
    ? `\`${key}: '<value>'\` in ${secretsFile(name)} (chmod 600)`
    : `\`npm run secret -- set ${key} -s ${name}\``;
  const near = nearest(key, world.secretKeys ?? []);
  return near === undefined ? set : `${set}, or did you mean \`${near}\`?`;
}
