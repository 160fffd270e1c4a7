import type { About } from "../../../model/problem";
import { isSystemOnly, onNode } from "../../../model/system-folders";

const SOCKET = /^(\/var)?\/run\/(docker|(docker\/)?containerd\/containerd)\.sock$/;
const ALWAYS =
  /^\/$|^\/(root|run|run\/(docker|containerd)|var|var\/run|var\/lib|var\/lib\/(docker|containerd))$|^\/proc\/[^/]+\/(root|cwd)(\/|$)/;

/** How a path of the nodes reaches a service. */
export interface Reached {
  readonly readOnly: boolean;
  /** Path of the share on every host. @default there is no share */
  readonly sharePath?: string;
}

/** What a service gets with a path of its node, when that is the node itself or what belongs to others. Pure. */
export function nodePath(path: string, { readOnly, sharePath }: Reached): About | undefined {
  const plain = onNode(path);
  const named = plain === path ? path : `${path}, which is ${plain}`;
  if (SOCKET.test(plain)) {
    return {
      found: `${named}: who may use it is root on the node${readOnly ? ", read-only or not" : ""}`,
      allowed: "no socket of the node's Docker engine",
      fix: "a proxy that passes on only the calls which the service needs, or `nodeAccess` of the service with the reason",
    };
  }
  const allowed = "a volume, or a folder of your own";
  const writable = readOnly ? "" : ", writable";
  if (ALWAYS.test(plain) || (!readOnly && isSystemOnly(plain))) {
    const always = readOnly || ALWAYS.test(plain);
    const fix = always ? "the one file that is needed" : "`readOnly: true`";
    return { found: `${named}, a folder of the node's system${writable}`, allowed, fix };
  }
  if (sharePath === undefined || !holdsShare(plain, onNode(sharePath))) return undefined;
  const found = `${named}, with the data of every platform on the share${writable}`;
  return { found, allowed, fix: "a volume with `shared: true`" };
}

/** Names with a dot on the share are the environment's own: tokens, and images of the registry. */
function holdsShare(path: string, share: string): boolean {
  return path === share || share.startsWith(`${path}/`) || path.startsWith(`${share}/.`);
}
