import { changedTo, ignored, REFUSES, type Rule, type Rules, refused, taken } from "./rule";
import { serviceRules } from "./service";

const item = taken("one entry");
const labels = taken("`labels`", { each: item });
const external = taken("`external`; it must exist: `up` does not create it");
const driver = (what: string) =>
  refused(`${what} with drivers are not supported here`, "takes it", "`file`");

const network: Rules = {
  attachable: taken("`attachable`"),
  driver: taken("`driver`"),
  driver_opts: taken("`options`; `encrypted` is a field of its own", { each: item, only: "map" }),
  enable_ipv4: refused("swarm's networks always have IPv4", REFUSES, "remove it", [true]),
  enable_ipv6: refused(
    "swarm gives its overlay networks IPv4 addresses only",
    REFUSES,
    "remove it",
    [false],
  ),
  external,
  internal: taken("`internal`"),
  ipam: taken("addresses", {
    keys: {
      config: taken("one entry", {
        only: "list",
        each: taken("one block", {
          keys: {
            subnet: taken("`subnet`"),
            gateway: taken("`gateway`"),
            ip_range: refused(
              "swarm gives out all addresses of a subnet",
              REFUSES,
              "a smaller `subnet`",
            ),
            aux_addresses: refused(
              "swarm gives out all addresses of a subnet",
              REFUSES,
              "a smaller `subnet`",
            ),
          },
        }),
      }),
      driver: refused("networks here use Docker's own addresses", "takes it", "remove it", [
        "default",
      ]),
      options: refused("networks here use Docker's own addresses", REFUSES, "remove it"),
    },
  }),
  labels,
  name: taken("`name`: the real name, without the platform's before it"),
};

const volume: Rules = {
  driver: taken("`driver`"),
  driver_opts: taken("`driverOptions`", { each: item, only: "map" }),
  external,
  labels: changedTo("labels of the mounts, from which swarm makes the volume on each node", {
    each: item,
  }),
  name: taken("`name`: the real name, without the platform's before it"),
};

const content: Rules = {
  external,
  file: taken("`file`, relative to the first file's folder"),
  labels,
  name: changedTo(
    "the beginning of the name; a hash of the content follows, so that new content can replace it",
  ),
};

/** Every key at the top of a compose file. */
export const fileRules: Rules = {
  configs: taken("`configs`", {
    only: "map",
    each: taken("one config", {
      keys: {
        ...content,
        content: taken("`content`"),
        environment: changedTo("`content`: the variable's value"),
        template_driver: taken("`templateDriver`"),
      },
    }),
  }),
  include: changedTo("what the other files say", {
    each: taken("one set of files", {
      keys: {
        path: taken("its files", { each: item }),
        project_directory: taken("where its relative paths start"),
        env_file: taken("its variables", { each: item }),
      },
    }),
  }),
  models: refused("swarm runs no models", REFUSES, "a service that serves the model"),
  name: ignored("the environment file names the platform"),
  networks: taken("`networks`; those that no service joins are left out, as Docker does", {
    only: "map",
    each: taken("one network", { keys: network }),
  }),
  secrets: taken("`secrets`", {
    only: "map",
    each: taken("one secret", {
      keys: {
        ...content,
        environment: changedTo(
          "the variable's value, or, when it is not set, `config`: the secret of the environment with that key",
        ),
        driver: driver("secrets"),
        driver_opts: driver("secrets"),
        template_driver: taken("`templateDriver`"),
      },
    }),
  }),
  services: taken("`services`", {
    only: "map",
    each: taken("one service", { keys: serviceRules }),
  }),
  version: ignored("all versions are read alike"),
  volumes: taken("`volumes`", { only: "map", each: taken("one volume", { keys: volume }) }),
};

/** The whole file. */
export const fileRule: Rule = taken("the platform", { keys: fileRules });
