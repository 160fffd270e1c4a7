import type { Environment } from "../../config/environment/environment";
import { isMap } from "../../model/merge";

const DRIVER = "awslogs";
const GROUP = "awslogs-group";

/** Groups of CloudWatch Logs that Docker engines or services of the environment write to, each once. */
export function logGroups({
  hosts,
  platforms,
}: Pick<Environment, "hosts" | "platforms">): string[] {
  const engines = hosts.map(({ daemon = {} }) => {
    const options = daemon["log-opts"];
    return daemon["log-driver"] === DRIVER && isMap(options) ? options[GROUP] : undefined;
  });
  const services = platforms
    .flatMap(({ plan }) => Object.values(plan.services))
    .map(({ logging }) => (logging?.driver === DRIVER ? logging.options?.[GROUP] : undefined));
  const named = [...engines, ...services].filter((one) => typeof one === "string");
  return [...new Set(named)].sort();
}
