import { keyed, matching, object, oneOf, text } from "./fields";

const host = matching(
  /^[a-z0-9.-]+(:\d+)?$/,
  "a registry's host as in image names, such as `ghcr.io` or `docker.io`",
);

/** `swarmyard:registry`: where images go that are built here. */
export const registrySchema = object(
  {
    kind: oneOf("local", "ecr", "existing", "none").optional(),
    address: matching(
      /^([a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?|[a-z0-9-]+:\d+)(\/[a-z0-9._/-]+)?$/,
      "a host with a path, without a scheme, such as `ghcr.io/my-team` or `docker.io/my-team`",
    ).optional(),
  },
  "{ kind: existing, address: ghcr.io/my-team }",
);

/** `swarmyard:registries`: logins by host. A password is the name of a secret, never its value. */
export const registriesSchema = keyed(
  host,
  object(
    {
      user: text("the name to log in with"),
      password: matching(
        /^[A-Za-z][\w-]*$/,
        "the name of a secret of this stack, such as `ghcrPassword`, set by `npm run secret -- set ghcrPassword`",
      ),
    },
    "{ user: me, password: ghcrPassword }",
  ),
  "a map such as `{ ghcr.io: { user: me, password: ghcrPassword } }`",
);
