import { linesOf, type Script } from "../model/script";
import { waitAtBoot, waitNoMore, writeFunction } from "./machine-scripts";

/** What a machine must see. */
export interface SeenValues {
  /** The folder. */
  readonly target: string;
  /** The machine's name. */
  readonly own: string;
  /** Name of the machine whose file it must see. */
  readonly writer: string;
  /** What is in that file; empty on the machine that writes it. */
  readonly mark: string;
}

/** Seconds after which a file must be seen everywhere: NFS clients remember for up to 60 s what was not there. */
const SEEN_WITHIN = 90;

/**
 * Script that makes sure that a folder exists and is the same on all machines: one writes a file and prints
 * what is in it, the others look for that.
 */
export const seenScript: Script<SeenValues> = {
  text: `IFS= read -r target
IFS= read -r own
IFS= read -r writer
IFS= read -r mark || true
${writeFunction}if [ ! -d "$target" ]; then
  echo "there is no folder $target on this machine: mount it there, as on the other machines" >&2
  exit 1
fi
seen="$target/.swarmyard-$writer"
if [ "$own" = "$writer" ]; then
  if [ ! -s "$seen" ] && ! head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \\n' >"$seen"; then
    echo "root of this machine cannot write to $target, and neither could containers: the server maps root to another user (root_squash), or the folder is read-only" >&2
    exit 1
  fi
  cat "$seen"
else
  for second in $(seq ${SEEN_WITHIN}); do
    if [ "$(cat "$seen" 2>/dev/null)" = "$mark" ]; then break; fi
    if [ "$second" = ${SEEN_WITHIN} ]; then
      how="a mount point"
      mountpoint -q "$target" || how="a plain folder of this machine's disk"
      echo "$target on this machine, $how, is not the folder that $writer has there: it lacks the file $writer wrote, $seen" >&2
      exit 1
    fi
    sleep 1
  done
fi
${waitAtBoot}`,
  stdin: ({ target, own, writer, mark }) => linesOf(target, own, writer, mark),
};

/** Removes what {@link seenScript} wrote, with the same standard input; nothing else in the folder. */
export const forgetSeenScript = `IFS= read -r target
IFS= read -r own
cat >/dev/null
rm -f "$target/.swarmyard-$own"
${waitNoMore}`;
