import { keyed, matching, object, oneOf, secretName, text } from "./fields";

const host = matching(
  /^[a-z0-9.-]+(:\d+)?$/,
  "a registry's host as in image names, such as `ghcr.io` or `docker.io`",
);

/** `swarmyard:registry`: where images built here are pushed. */
export const registrySchema = object(
  {
    /** Kind of registry: beside local hosts, in the swarm itself, ECR, one that exists, or none. @default local, ecr on AWS */
    kind: oneOf("local", "swarm", "ecr", "existing", "none").optional(),
    /** Where images go, for kind existing. @default none @example ghcr.io/my-team */
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
      /** Name to log in with. @example me */
      user: text("the user name of the login"),
      /** Name of the secret of this stack that holds the password, never its value. @example ghcrPassword */
      password: secretName("ghcrPassword"),
    },
    "{ user: me, password: ghcrPassword }",
  ),
  "a map such as `{ ghcr.io: { user: me, password: ghcrPassword } }`",
);
