import { describe } from "vitest";
import { connecting, loggingIn } from "./command/connecting";
import { copying, copyingFiles } from "./command/copying";
import { leaving } from "./command/leaving";
import { lifecycle, promises, replacement } from "./command/lifecycle";
import { onThisMachine } from "./command/local";
import { given, printed } from "./command/streams";
import { type Candidate, candidates, commandLine } from "./plugins";
import { sshdProblem } from "./sshd";

/** Why the suite cannot run against a plugin, or nothing when it can. */
function obstacle(candidate: Candidate): string | undefined {
  return sshdProblem() ?? commandLine().missing ?? candidate.missing;
}

for (const candidate of candidates()) {
  const reason = obstacle(candidate);
  const suffix = reason === undefined ? "" : ` (skipped: ${reason})`;
  describe.skipIf(reason !== undefined)(`the ${candidate.name} command plugin${suffix}`, () => {
    const subject = { pulumi: commandLine().path ?? "", plugin: candidate.path ?? "" };
    lifecycle(subject);
    promises(subject);
    replacement(subject);
    connecting(subject);
    loggingIn(subject);
    given(subject);
    printed(subject);
    copying(subject);
    copyingFiles(subject);
    onThisMachine(subject);
    if (candidate.name === "stand-in") {
      leaving(subject);
    }
  });
}
