import { fileProblem, type Keys, type Problem } from "../../model/problem";

const CREDENTIALS =
  /credential|InvalidClientTokenId|AuthFailure|ExpiredToken|security token|SignatureDoesNotMatch/i;
const REGION = /invalid (AWS )?region|UnknownEndpoint|OptInRequired/i;
const DENIED = /UnauthorizedOperation|AccessDenied|not authorized/i;
const SILENT =
  /no such host|connection refused|i\/o timeout|deadline exceeded|Throttling|RequestLimitExceeded|ServiceUnavailable|InternalError/i;

/**
 * Refusals that affect every question: reported once. Pure.
 *
 * @param particular refusals that may be about the requested thing
 * @param others refusals that cannot be
 */
export function noAccess(
  region: string,
  particular: readonly string[],
  others: readonly string[],
): Problem | undefined {
  const kinds = generalRefusals(region);
  for (const kind of kinds) {
    const refusal = [...particular, ...others].find((text) => kind.pattern.test(text));
    if (refusal !== undefined) return problemOf(kind, refusal);
  }
  const [unexplained] = others;
  return unexplained === undefined ? undefined : problemOf(noAnswer(region), unexplained);
}

function problemOf({ keys, what, allowed, fix }: GeneralRefusal, refusal: string): Problem {
  return fileProblem(keys, { found: said(what, refusal), allowed, fix });
}

interface GeneralRefusal {
  readonly pattern: RegExp;
  readonly keys: Keys;
  readonly what: string;
  readonly allowed: string;
  readonly fix: string;
}

function generalRefusals(region: string): readonly GeneralRefusal[] {
  return [
    {
      pattern: REGION,
      keys: ["aws", "region"],
      what: region,
      allowed: "an AWS region that your account has enabled",
      fix: "`region: eu-west-1`",
    },
    // Before credentials: the provider was checking those when it got no answer.
    noAnswer(region),
    {
      pattern: CREDENTIALS,
      keys: ["aws"],
      what: "no valid credentials",
      allowed: "credentials of an AWS account in the shell that runs pulumi",
      fix: "`aws configure sso` and `export AWS_PROFILE=<profile>`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    },
    {
      pattern: DENIED,
      keys: ["aws"],
      what: "insufficient rights",
      allowed: "an operator with the rights of docs/aws.md",
      fix: "the policy of docs/aws.md for your user or role",
    },
  ];
}

function noAnswer(region: string): GeneralRefusal {
  return {
    pattern: SILENT,
    keys: ["aws", "region"],
    what: `no answer from AWS in ${region}`,
    allowed: "a region of AWS, and a machine that reaches it",
    fix: "run the same command again, or `region: eu-west-1`",
  };
}

/** The provider's own reason is in a list, below lines that only say that there was an error. */
function said(what: string, refusal: string): string {
  const unknown = /lookup (\S+)(?: on \S+)?: no such host/.exec(refusal)?.[1];
  if (unknown !== undefined) return `${what}: ${unknown} has no address`;
  const lines = refusal.split("\n").map((text) => text.trim());
  const reason = lines.find((text) => text.startsWith("* ")) ?? lines.find((text) => text !== "");
  return `${what}: ${(reason ?? refusal).replace(/^\* /, "").replace(/^invocation of \S+ returned an error: /, "")}`;
}
