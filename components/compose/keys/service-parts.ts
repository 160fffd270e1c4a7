import { changedTo, ignored, REFUSES, refused, SILENT, taken } from "./rule";

const item = taken("one entry");

/** `secrets` or `configs` of a service. */
export const file = (where: string) =>
  taken(where, {
    only: "list",
    each: taken("one file", {
      keys: {
        source: taken("the key of one at the top of the file"),
        target: taken("the file in the container"),
        uid: taken("its owner"),
        gid: taken("its group"),
        mode: taken("its mode; `0440` is octal"),
      },
    }),
  });

/** `healthcheck` of a service. */
export const healthcheck = taken("`healthcheck`", {
  keys: {
    test: taken("a text becomes `[CMD-SHELL, text]`", { each: item, only: "list" }),
    interval: taken("`interval`"),
    timeout: taken("`timeout`"),
    retries: taken("`retries`"),
    start_period: taken("`startPeriod`"),
    start_interval: taken("`startInterval`, which needs Docker 25"),
    disable: changedTo("`test: [NONE]`"),
  },
});

const address = (what: string, docker = REFUSES) =>
  refused(`swarm chooses the ${what} of each task`, docker, "the service's name, or an alias");

/** `ports` of a service. */
export const ports = taken("`ports`; ranges become one entry for each port", {
  only: "list",
  each: taken("one port", {
    keys: {
      target: taken("`target`"),
      published: taken("`published`"),
      protocol: taken("`protocol`"),
      mode: taken("`mode`: ingress or host"),
      host_ip: refused(
        "swarm publishes on every address of a node",
        "listens on 0.0.0.0 after a warning, and refuses the long form",
        "the port alone, and a firewall",
        ["0.0.0.0", "::"],
      ),
      name: ignored("a name for people only"),
      app_protocol: ignored("a hint for tools that swarm does not have"),
    },
  }),
});

/** `volumes` of a service. */
export const mounts = taken("`mounts`, by their path in the container", {
  only: "list",
  each: taken("one mount", {
    keys: {
      type: taken("volume, bind, tmpfs, npipe or cluster"),
      source: taken(
        "a volume's key, or a path on the node; relative ones start at the first file's folder",
      ),
      target: taken("the path in the container"),
      read_only: taken("`readOnly`"),
      consistency: ignored("it matters to Docker Desktop only"),
      bind: taken("options of a bind mount", {
        keys: {
          propagation: taken("`propagation`"),
          create_host_path: changedTo(
            "`create`; no Docker engine hands it on to swarm, which a warning says",
          ),
          recursive: changedTo(
            "`nonRecursive`; `readOnlyNonRecursive` and `readOnlyForceRecursive` have no effect in swarm, which a warning says",
          ),
          selinux: refused(
            "swarm has no SELinux labels for mounts",
            SILENT,
            "label the folder on the nodes",
          ),
        },
      }),
      volume: taken("options of a volume", {
        keys: {
          nocopy: taken("`noCopy`"),
          labels: taken("labels of the volume", { each: item }),
          subpath: taken("`subpath`, which needs Docker 26"),
        },
      }),
      tmpfs: taken("options of a tmpfs", {
        keys: { size: taken("`size`"), mode: taken("`mode`") },
      }),
      image: refused(
        "swarm has no mounts of images",
        REFUSES,
        "a volume, or copy the files at build time",
      ),
    },
  }),
});

/** `networks` of a service. */
export const networks = taken("`networks`", {
  each: taken("one network", {
    keys: {
      aliases: taken("`aliases`; the service's key is always one", { each: item, only: "list" }),
      driver_opts: taken("`driverOptions`", { each: item, only: "map" }),
      ipv4_address: address("address", SILENT),
      ipv6_address: address("address", SILENT),
      link_local_ips: address("address"),
      mac_address: address("MAC address"),
      interface_name: refused("swarm names the interfaces", REFUSES, "remove it"),
      priority: refused("swarm has no order of networks", REFUSES, "remove it"),
      gw_priority: refused("swarm has no order of gateways", REFUSES, "remove it"),
    },
  }),
});

/** `x-route` of a service. */
export const route = changedTo(
  "`route`, the only key with `x-` that means something here: Traefik's labels",
  {
    keys: {
      host: taken("`host`; a text alone is the host"),
      path: taken("`path`"),
      port: taken("`port`; without one it is that of `expose` or `ports`, if there is only one"),
      entryPoint: taken("`entryPoint`"),
      tls: taken("`tls`"),
      resolver: taken("`resolver`"),
      name: taken("`name`"),
    },
  },
);
