import { isMap } from "../../../../model/merge";
import type { ServicePlan } from "../../../../model/platform/plan";
import type { Finding } from "../../../../model/problem";
import type { Flight } from "../../flight";

/** Options that drivers cannot do without. */
const NEEDED: { readonly [driver: string]: { readonly [option: string]: string } } = {
  awslogs: { "awslogs-group": "my-group" },
  splunk: { "splunk-url": "https://splunk.example.org:8088", "splunk-token": "<token>" },
};

/** Options of log drivers that the settings of a group's Docker engines give. */
export function engineOptions({ settings }: Flight): ReadonlySet<string> {
  const groups = Object.values(settings.hosts.groups);
  const options = groups.map(({ daemon }) => daemon?.["log-opts"]);
  return new Set(options.flatMap((one) => (isMap(one) ? Object.keys(one) : [])));
}

/** Log drivers that miss an option, unless Docker engines have it: no task would start. */
export function logTraps({ logging }: ServicePlan, given: ReadonlySet<string>): readonly Finding[] {
  const { driver = "", options = {} } = logging ?? {};
  const has = (option: string) => options[option] !== undefined || given.has(option);
  const keys = ["logging", "options"];
  const missing = Object.entries(NEEDED[driver] ?? {}).filter(([option]) => !has(option));
  const size = options["max-buffer-size"];
  return [
    ...missing.map(([option, example]) => ({
      keys,
      found: `${driver} without \`${option}\`, without which no task starts`,
      allowed: `\`${option}\`, here or in \`log-opts\` of the groups' \`daemon\``,
      fix: `\`${option}: ${example}\``,
    })),
    ...(size === undefined || has("mode")
      ? []
      : [
          {
            keys: [...keys, "max-buffer-size"],
            found: `${size} without \`mode: non-blocking\`, with which no task starts`,
            allowed: "only with that mode",
            fix: "`mode: non-blocking` beside it",
          },
        ]),
  ];
}
