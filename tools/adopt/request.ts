import { parseArgs } from "node:util";
import type { Login } from "../../components/engine/login";
import { Failure } from "../setup/failure";

/** A machine to connect to. */
export type Place = Pick<Login, "host" | "port" | "user">;

/** What `npm run adopt` was asked for. */
export interface Request {
  readonly places: readonly [Place, ...Place[]];
  /** File of the private key. @default the SSH agent's keys */
  readonly keyFile?: string;
  /** Jump host. @default none */
  readonly via?: Place;
  /** sudo asks for a password on the machines. @default it does not */
  readonly sudo?: true;
  readonly overwrite: boolean;
}

const example = "Run: npm run adopt -- -s prod root@203.0.113.10";
const sudoExample = "Run: npm run adopt -- -s prod admin@203.0.113.10 --sudo";

/** @throws Failure for an unknown option, without an address, or for one that is not an address */
export function readRequest(rest: readonly string[]): Request {
  const options = {
    key: { type: "string" },
    via: { type: "string" },
    sudo: { type: "boolean" },
    overwrite: { type: "boolean" },
  } as const;
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: rest.filter((word) => word !== "--"),
      options,
      allowPositionals: true,
    }),
  );
  const [first, ...more] = positionals;
  if (first === undefined) throw new Failure("No address of a manager is given.", example);
  const { key, via, sudo, overwrite = false } = values;
  const places: Request["places"] = [placeOf(first), ...more.map(placeOf)];
  if (sudo === true && places.every(({ user }) => user === "root")) {
    throw new Failure("With --sudo, no user is named who needs sudo.", sudoExample);
  }
  return {
    places,
    ...(key === undefined ? {} : { keyFile: key }),
    ...(via === undefined ? {} : { via: placeOf(via) }),
    ...(sudo === true ? { sudo } : {}),
    overwrite,
  };
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Failure((error as Error).message, example);
  }
}

function placeOf(text: string): Place {
  const match =
    /^(?:(?<user>[A-Za-z_][\w.-]*)@)?(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?<port>\d{1,5}))?$/.exec(
      text,
    )?.groups;
  if (match === undefined) {
    throw new Failure(`"${text}" is not an address such as root@203.0.113.10:22.`, example);
  }
  const { user = "root", host = "", port = "22" } = match;
  return { user, host, port: Number(port) };
}
