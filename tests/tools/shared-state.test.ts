import { expect, test } from "vitest";
import { stateFailure } from "../../tools/setup/shared-state";

// As pulumi and its backends word it.
test.each([
  [
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    "No backend is configured for the state of dev.\nRun: export PULUMI_BACKEND_URL=",
  ],
  [
    "error: no stack named 'dev' found",
    'The backend has no stack dev yet.\nCreate it once, and commit what it writes into Pulumi.dev.yaml: eval "$(npm run -s env -- -s dev)" && pulumi stack init dev ',
  ],
  [
    "could not list bucket: blob (code=NotFound): NoSuchBucket: The specified bucket does not exist",
    "The bucket of PULUMI_BACKEND_URL does not exist, or is in another region.\nRun: ",
  ],
  [
    'error: read ".pulumi/meta.yaml": operation error S3: GetObject, get identity: get credentials: failed',
    "There are no valid AWS credentials to reach the state of dev.\nRun: aws configure sso",
  ],
  [
    "api error AccessDenied: User is not authorized to perform: s3:GetObject",
    "These credentials may not access the state of dev, or its key.\nThey need ",
  ],
  [
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    "The secrets of dev need its passphrase.\nRun: export PULUMI_CONFIG_PASSPHRASE_FILE=",
  ],
  [
    "error: the stack is currently locked by 1 lock(s)",
    "Another run is working on dev, or a killed run left its lock.\nWhen none is running, run: ",
  ],
])("%s", (said, told) => {
  expect(stateFailure(said, "dev")?.message.slice(0, told.length)).toBe(told);
});

test("anything else keeps pulumi's own words", () => {
  expect(stateFailure("error: the program failed", "dev")).toBeUndefined();
});
