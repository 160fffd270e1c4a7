import { SYSTEM_FOLDERS } from "../../model/system-folders";
import { matching } from "./fields";

// It is written into mount units and file system tables, and hides the folder below it.
export const sharePath = matching(
  new RegExp(`^(?!\\/(${SYSTEM_FOLDERS.join("|")})(\\/|$))(\\/(?!\\.{1,2}(\\/|$))[\\w.-]+)+$`),
  "an absolute path of letters, digits, `.`, `-` and `_` outside the system's folders, such as `/mnt/share`",
);

/** Fields that only a share of kind nfs has. */
export const nfsFields = {
  /** NFS server: an address or name, or the name of one of the hosts, which then serves its own folder `path`. @example nas.example.org */
  server: matching(
    /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    "an IPv4 address, a host name, or the name of one of the hosts, such as `nas.example.org`",
  ).optional(),
  /** Folder that an NFS server outside the environment exports. @example /exports/yard */
  export: matching(
    /^\/([\w.+-]+\/?)*$/,
    "an absolute path of letters, digits, `.`, `+`, `-` and `_`, such as `/exports/yard`",
  ).optional(),
  /** Options of the NFS mount. @default hard @example nfsvers=4.1,hard */
  options: matching(
    /^[a-z]\w*(=[\w.:-]+)?(,[a-z]\w*(=[\w.:-]+)?)*$/,
    "options as `mount` takes them, with commas between, such as `nfsvers=4.1,hard`",
  ).optional(),
};
