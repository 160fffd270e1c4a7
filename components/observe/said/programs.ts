import { bothNames } from "../../model/platform/compose-names";
import type { Known } from "./known";

const wrongProgram =
  "correct `command` or `entrypoint` of the service; the image has no such program";

/** What is most often behind the exit codes of programs that the kernel ended. */
const KILLED: { readonly [code: string]: string } = {
  132: "SIGILL: the node's processor does not know the program's instructions; place it on another node, or take an image for older processors (MongoDB from 5.0 needs AVX)",
  135: "SIGBUS: give it more shared memory, a tmpfs at /dev/shm (in a compose file `shm_size`)",
  137: `SIGKILL: most often its memory ran out; raise ${bothNames("resources.limits.memory")}, or free memory of the node`,
};

/** What is wrong with a program and its process. */
export const programs: readonly Known[] = [
  {
    pattern: /dockerexec: unhealthy container/,
    text: () => "its health check failed, so swarm stopped it",
    remedy: () =>
      `correct the program or \`healthcheck\` of the service; a slow start needs a longer ${bothNames("healthcheck.startPeriod")}`,
  },
  {
    // What an init process or a shell returns for a program that it cannot start.
    pattern: /^task: non-zero exit \((12[67])\)$/,
    text: ([, code]) => `its program cannot be started (exit code ${code})`,
    remedy: () => wrongProgram,
    final: "anywhere",
  },
  {
    pattern: /^task: non-zero exit \((132|135|137)\)$/,
    text: ([, code]) => `its program ended with exit code ${code}`,
    remedy: ([, code = ""]) => KILLED[code] ?? "",
  },
  {
    pattern: /^task: non-zero exit \((\d+)\)$/,
    text: ([, code]) => `its program ended with exit code ${code}`,
  },
  {
    pattern: /exec: ("[^"]+": (?:permission denied|is a directory))/,
    text: ([, what]) => `its program cannot be started: ${what}`,
    remedy: () =>
      "make it executable in the image (`chmod +x`), or name another program in `entrypoint` or `command`",
    final: "anywhere",
  },
  {
    pattern: /exec: ("[^"]+": [^:]+)/,
    text: ([, what]) => `its program cannot be started: ${what}`,
    remedy: () => wrongProgram,
    final: "anywhere",
  },
  {
    pattern: /exec format error/,
    text: () => "its program is made for machines of another kind (exec format error)",
    remedy: () => "build the image for the platform of its nodes, or place it on others",
    final: "on this node",
  },
  {
    pattern: /unable to find (user|group) (\S+?): /,
    text: ([, kind, name]) => `its image has no ${kind} ${name}`,
    remedy: ([, kind]) => `correct \`${kind === "user" ? "user" : "groups"}\` of the service`,
    final: "anywhere",
  },
];
