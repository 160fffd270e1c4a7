/** Highest level at which Pulumi's log contains no values. */
const quietLevel = 2;

/** The warning before a run whose log will contain secrets. */
export const loudWarning =
  "Pulumi writes secrets in clear into such a log, and without --logtostderr into a temporary file that others can read. Show it to nobody, and delete it.";

/** Whether options or variables ask Pulumi for a log that contains values, including secrets. Pure. */
export function isLoud(options: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return (
    options.some((option) => /^(-d|--debug|--tracing)(=(?!false)|$)/.test(option)) ||
    levelOf(options) > quietLevel ||
    Number(env.PULUMI_OPTION_VERBOSE ?? 0) > quietLevel ||
    ["PULUMI_DEBUG_GRPC", "TF_LOG"].some((name) => env[name]) ||
    ["PULUMI_OPTION_DEBUG", "PULUMI_OPTION_TRACING"].some((name) => isOn(env[name]))
  );
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}

function levelOf(options: readonly string[]): number {
  const levels = options.map((option, index) => {
    const match = /^(?:-v|--verbose)(?:=?(\d+))?$/.exec(option);
    return match === null ? 0 : Number(match[1] ?? options[index + 1]);
  });
  return Math.max(0, ...levels.filter(Number.isInteger));
}
