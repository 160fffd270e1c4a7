import { Failure } from "./failure";

type Words = (stack: string) => readonly [sentence: string, remedy: string];

const page = "docs/aws.md, Before the first up";

/** What pulumi says about a shared state, and what it means. */
const ofTheState: readonly (readonly [RegExp, Words])[] = [
  [
    /PULUMI_ACCESS_TOKEN must be set for login|not logged in/,
    (stack) => [
      `No backend is configured for the state of ${stack}.`,
      `Run: export PULUMI_BACKEND_URL='s3://<bucket>?region=<region>', or: pulumi login (${page}). ` +
        "In a workflow it is the variable PULUMI_BACKEND_URL of its GitHub environment, or for Pulumi Cloud the secret PULUMI_ACCESS_TOKEN there.",
    ],
  ],
  [
    /no stack named/,
    (stack) => [
      `The backend has no stack ${stack} yet.`,
      `Create it once, and commit what it writes into Pulumi.${stack}.yaml: eval "$(npm run -s env -- -s ${stack})" && pulumi stack init ${stack} --secrets-provider 'awskms://alias/<key>?region=<region>' (${page}).`,
    ],
  ],
  [
    /passphrase must be set|incorrect passphrase/,
    (stack) => [
      `The secrets of ${stack} need its passphrase.`,
      "Run: export PULUMI_CONFIG_PASSPHRASE_FILE=<file that holds it>. In a workflow it is the secret PULUMI_CONFIG_PASSPHRASE of its GitHub environment.",
    ],
  ],
  [
    /the stack is currently locked/,
    (stack) => [
      `Another run is working on ${stack}, or a killed run left its lock.`,
      `When none is running, run: eval "$(npm run -s env -- -s ${stack})" && pulumi cancel -s ${stack}`,
    ],
  ],
];

/** What a backend on AWS says, and AWS resources may say too. */
const ofReachingIt: typeof ofTheState = [
  [
    /NoSuchBucket|bucket does not exist|PermanentRedirect/,
    () => [
      "The bucket of PULUMI_BACKEND_URL does not exist, or is in another region.",
      `Run: aws s3api list-buckets, or create it (${page}).`,
    ],
  ],
  [
    /get credentials|NoCredentialProviders|ExpiredToken|InvalidAccessKeyId|InvalidClientTokenId|SignatureDoesNotMatch/,
    (stack) => [
      `There are no valid AWS credentials to reach the state of ${stack}.`,
      "Run: aws configure sso, then export AWS_PROFILE=<profile>; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. " +
        "In a workflow they come from the role in the variable AWS_ROLE of its GitHub environment.",
    ],
  ],
  [
    /AccessDenied|StatusCode: 403/,
    (stack) => [
      `These credentials may not access the state of ${stack}, or its key.`,
      "They need the rights on the bucket and the key that docs/aws.md lists under Rights.",
    ],
  ],
];

/** What it means when pulumi could not read a state, with a fix; undefined for anything else. Pure. */
export function stateFailure(said: string, stack: string): Failure | undefined {
  return meaning([...ofTheState, ...ofReachingIt], said, stack);
}

/** The same for the output of a run, where other messages from AWS are not about the state. Pure. */
export function stateFailureAmong(said: string, stack: string): Failure | undefined {
  return meaning(ofTheState, said, stack);
}

function meaning(meanings: typeof ofTheState, said: string, stack: string): Failure | undefined {
  const words = meanings.find(([pattern]) => pattern.test(said))?.[1];
  return words === undefined ? undefined : new Failure(...words(stack));
}
