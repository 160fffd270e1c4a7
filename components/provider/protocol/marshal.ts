import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isMap, memberPath } from "../../model/paths";
import { type Properties, UNKNOWN } from "../../model/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** What the Pulumi engine sends for a value that is not known yet, one per type. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Plain values, and the paths (in Pulumi's syntax) of those that were secret. */
export interface Unwrapped {
  readonly value: Properties;
  readonly secrets: ReadonlySet<string>;
}

/** Removes the Pulumi engine's envelopes: secrets become plain and their paths are recorded. */
export function unwrap(struct: Struct | undefined): Unwrapped {
  const secrets = new Set<string>();
  const value = open(struct?.toJavaScript() ?? {}, "", undefined, secrets) as Properties;
  return { value, secrets };
}

// A list with a secret is secret as a whole: a kind may reorder its items.
function open(
  value: unknown,
  path: string,
  list: string | undefined,
  secrets: Set<string>,
): unknown {
  if (UNKNOWNS.has(value)) return UNKNOWN;
  if (Array.isArray(value)) {
    const outermost = list ?? path;
    return value.map((item, index) => open(item, memberPath(path, index), outermost, secrets));
  }
  if (!isMap(value)) return value;
  if (value[SIGNATURE] === SECRET) {
    secrets.add(list ?? path);
    return open(value.value, path, list, secrets);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      open(member, memberPath(path, key), list, secrets),
    ]),
  );
}

/** Wraps unknown values and values at secret paths in the Pulumi engine's envelopes. */
export function wrap(value: Properties, secrets: ReadonlySet<string>): Struct {
  return Struct.fromJavaScript(
    close(value, "", secrets) as Parameters<typeof Struct.fromJavaScript>[0],
  );
}

function close(value: unknown, path: string, secrets: ReadonlySet<string>): unknown {
  if (secrets.has(path) && path !== "") {
    return { [SIGNATURE]: SECRET, value: close(value, path, new Set()) };
  }
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (Array.isArray(value)) {
    return value.map((item, index) => close(item ?? null, memberPath(path, index), secrets));
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, close(member, memberPath(path, key), secrets)]),
  );
}

/** Secret paths of `news` whose value is in clear in the old state. */
export function newlySecret(
  news: ReadonlySet<string>,
  old: ReadonlySet<string>,
  state: Properties,
): string[] {
  const covered = (path: string) =>
    [...old].some(
      (secret) => path === secret || path.startsWith(`${secret}.`) || path.startsWith(`${secret}[`),
    );
  return [...news].filter((path) => !covered(path) && has(state, path));
}

function has(value: unknown, path: string, at = ""): boolean {
  if (at === path) return value !== undefined;
  return (
    isMap(value) &&
    Object.entries(value).some(([key, member]) => has(member, path, memberPath(at, key)))
  );
}
