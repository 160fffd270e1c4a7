import { CONFIG_KEY } from "../../model/config-key";
import { checked, matching } from "../../model/fields/rules";

export {
  checked,
  duration,
  flag,
  keyed,
  list,
  loose,
  map,
  matching,
  object,
  oneOf,
  permissions,
  size,
  text,
  texts,
  whole,
} from "../../model/fields/rules";

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** An IPv4 network. */
export const cidr = (example: string) =>
  matching(
    new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?\\d)$`),
    `an IPv4 network such as \`${example}\``,
  );

/** An IPv4 address. */
export const address = matching(
  new RegExp(`^${octet}(\\.${octet}){3}$`),
  "an IPv4 address such as `10.0.1.10`",
);

/** Name of a platform. */
export const key = matching(
  /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/,
  "a name of lowercase letters, digits, `-` and `_` that starts and ends with a letter or digit",
);

/** Key of a service, network, volume, secret, config or image, and the end of its real name. */
export const part = matching(
  /^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/,
  "a name of letters, digits, `-`, `_` and `.` that starts and ends with a letter or digit",
);

const SECRET_NAME = /^[A-Za-z][\w-]*$/;

/** Name of a secret of the stack. What else is written there may be the secret, so no problem shows it. */
export const secretName = (example: string) =>
  checked(
    `the name of a secret of this stack, such as \`${example}\`, set by \`npm run secret -- set ${example}\``,
    (value) =>
      SECRET_NAME.test(value)
        ? undefined
        : { found: "text that is not such a name, perhaps the secret itself" },
  ).meta({ pattern: SECRET_NAME.source });

/** Key of a secret in Pulumi config. */
export const configKey = matching(CONFIG_KEY, "a key of Pulumi config such as `apiToken`");
