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
    ["PULUMI_DEBUG_GRPC", "TF_LOG"].some((name) => env[name])
  );
}

function levelOf(options: readonly string[]): number {
  const levels = options.map((option, index) => {
    const match = /^(?:-v|--verbose)(?:=?(\d+))?$/.exec(option);
    return match === null ? 0 : Number(match[1] ?? options[index + 1]);
  });
  return Math.max(0, ...levels.filter(Number.isInteger));
}
