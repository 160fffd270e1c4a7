import { buildRules } from "./build";
import { deployRule } from "./deploy";
import { changedTo, ignored, REFUSES, type Rules, refused, taken, WARNS } from "./rule";
import { file, healthcheck, mounts, networks, ports, route } from "./service-parts";

const item = taken("one entry");
const items = { each: item, only: "list" } as const;

const cpus = refused(
  "swarm has no shares, periods, sets or counts of CPUs",
  REFUSES,
  "`deploy.resources.limits.cpus`",
);
const hook = refused(
  "swarm runs no commands beside a container's own",
  REFUSES,
  "a job, or an entrypoint that runs it first",
);
/** Every key of a service. */
export const serviceRules: Rules = {
  annotations: refused("swarm has no annotations", REFUSES, "`labels`"),
  attach: ignored("it says whose logs `docker compose up` shows"),
  blkio_config: refused("swarm does not limit disks", REFUSES, "limits in the storage"),
  build: changedTo(
    "`images`: built and pushed to the environment's registry when the folder has a Dockerfile; without one `image` is used as it is",
    { keys: buildRules },
  ),
  cap_add: taken("`capAdd`", items),
  cap_drop: taken("`capDrop`", items),
  cgroup: refused("swarm chooses the cgroup", REFUSES, "remove it", ["private"]),
  cgroup_parent: refused("swarm chooses the cgroup", WARNS, "remove it"),
  cgroupns_mode: refused("swarm chooses the cgroup", WARNS, "remove it", ["private"]),
  command: taken("`command`; a text is split as a shell does", items),
  configs: file("`configs`"),
  container_name: refused(
    "a service can have many containers, whose names swarm chooses",
    WARNS,
    "the service's key as a name in its networks, or `networks.<network>.aliases`",
  ),
  cpu_count: cpus,
  cpu_percent: cpus,
  cpu_period: cpus,
  cpu_quota: cpus,
  cpu_rt_period: cpus,
  cpu_rt_runtime: cpus,
  cpu_shares: cpus,
  cpuset: cpus,
  cpus: changedTo("`resources.limits.cpus`"),
  credential_spec: changedTo("`privileges.credentialSpec`", {
    keys: {
      file: taken("`file`"),
      registry: taken("`registry`"),
      config: refused(
        "a config is named by its id there, which only the swarm knows",
        "takes it",
        "`file`",
      ),
    },
  }),
  depends_on: taken("`dependsOn`: what the condition says is true before this service is created", {
    each: taken("one service", {
      keys: {
        condition: taken(
          "started, healthy (running where there is no healthcheck), or completed: without a mode of its own, the other service then becomes a replicated-job",
        ),
        restart: refused(
          "swarm restarts no service because of another",
          REFUSES,
          "a program that connects again",
          [false],
        ),
        required: taken("false lets the other service be missing"),
      },
    }),
  }),
  deploy: deployRule,
  develop: ignored("it is for `docker compose watch`"),
  device_cgroup_rules: refused(
    "swarm gives no devices to containers",
    REFUSES,
    "a generic resource, or a container started outside of the swarm",
  ),
  devices: refused(
    "swarm gives no devices to containers",
    WARNS,
    "`deploy.resources.reservations.generic_resources` for GPUs",
  ),
  dns: taken("`dns.nameservers`", items),
  dns_opt: taken("`dns.options`", items),
  dns_search: taken("`dns.search`", items),
  domainname: refused(
    "swarm has no domain names of containers",
    WARNS,
    "a `hostname` with the domain in it",
  ),
  entrypoint: taken("`entrypoint`; a text is split as a shell does", items),
  env_file: changedTo("`env`: read now, below what `environment` says", {
    only: "list",
    each: taken("one file", {
      keys: {
        path: taken("relative to the first file's folder"),
        required: taken("false lets it be missing"),
        format: taken("raw, or compose's rules for quotes"),
      },
    }),
  }),
  environment: taken("`env`; a name alone takes the variable's value, or unsets it", {
    each: item,
  }),
  expose: ignored("services in one network reach all ports of each other"),
  extends: changedTo("the other service below this one", {
    keys: { service: taken("its key"), file: taken("its file") },
  }),
  external_links: refused(
    "swarm has no links",
    WARNS,
    "a common network, with `aliases` for other names",
  ),
  extra_hosts: taken("`extraHosts`", { each: item }),
  gpus: changedTo("`gpus`: a reservation of the generic resource NVIDIA-GPU", {
    only: "list",
    each: taken("one request", {
      keys: {
        capabilities: ignored("swarm counts generic resources and knows nothing of capabilities"),
        count: taken("how many; `all` is refused"),
        device_ids: refused("swarm chooses the devices", REFUSES, "`count`"),
        driver: ignored("the nodes' engines announce the resource"),
        options: refused("generic resources have no options", REFUSES, "`count` alone"),
      },
    }),
  }),
  group_add: taken("`groups`", items),
  healthcheck,
  hostname: taken("`hostname`; without one Docker takes the container's id"),
  image: taken("`image`"),
  init: taken("`init`"),
  ipc: refused("swarm gives each container its own IPC", WARNS, "one container for both programs", [
    "private",
  ]),
  isolation: refused(
    "isolation is for Windows",
    "passes it on, and a Linux node refuses the task",
    "remove it",
    ["default"],
  ),
  label_file: changedTo("`containerLabels`: read now, below what `labels` says", items),
  labels: taken("`containerLabels`; labels of the service are `deploy.labels`", { each: item }),
  links: refused(
    "swarm has no links; names of services resolve in their common networks",
    WARNS,
    "remove it, or `networks.<network>.aliases` of the other service for another name",
  ),
  logging: taken("`logging`", {
    keys: { driver: taken("`driver`"), options: taken("`options`", { each: item, only: "map" }) },
  }),
  mac_address: refused("swarm chooses MAC addresses", WARNS, "remove it"),
  mem_limit: changedTo("`resources.limits.memory`"),
  mem_reservation: changedTo("`resources.reservations.memory`"),
  mem_swappiness: refused("swarm does not limit swap", REFUSES, "`deploy.resources.limits.memory`"),
  memswap_limit: refused("swarm does not limit swap", REFUSES, "`deploy.resources.limits.memory`"),
  models: refused("swarm runs no models", REFUSES, "a service that serves the model"),
  network_mode: refused(
    "services join networks",
    WARNS,
    "`networks` with an external network whose name is `host`, or remove it",
    ["bridge", "default"],
  ),
  networks,
  oom_kill_disable: refused(
    "swarm has no setting for it",
    REFUSES,
    "a higher `deploy.resources.limits.memory`",
    [false],
  ),
  oom_score_adj: taken("`oomScoreAdj`, which needs Docker 27"),
  pid: refused(
    "swarm gives each container its own processes",
    WARNS,
    "one container for both programs",
  ),
  pids_limit: changedTo("`resources.limits.pids`"),
  platform: changedTo("`placement.platforms`"),
  ports,
  post_start: hook,
  pre_start: hook,
  pre_stop: hook,
  privileged: refused(
    "swarm runs no privileged containers",
    WARNS,
    "`cap_add` with what it needs",
    [false],
  ),
  profiles: taken("a service is left out unless one of its profiles is asked for", items),
  provider: refused("swarm runs containers only", REFUSES, "an image"),
  pull_policy: ignored("swarm pulls an image by its digest whenever a node does not have it"),
  pull_refresh_after: ignored(
    "swarm pulls an image by its digest whenever a node does not have it",
  ),
  read_only: taken("`readOnly`"),
  restart: changedTo(
    "`restart`: always and unless-stopped are any; on-failure:3 also sets the attempts. `deploy.restart_policy` wins",
  ),
  runtime: refused(
    "swarm has no runtimes of services",
    REFUSES,
    "the runtime as the default of the nodes' Docker engines, and `gpus`",
  ),
  scale: changedTo("`replicas`"),
  secrets: file("`secrets`"),
  security_opt: changedTo(
    "`privileges`, which needs Docker 25; `docker stack deploy` leaves it out",
    items,
  ),
  shm_size: changedTo("a tmpfs of that size at /dev/shm"),
  stdin_open: taken("`openStdin`"),
  stop_grace_period: taken("`stopGracePeriod`"),
  stop_signal: taken("`stopSignal`"),
  storage_opt: refused("swarm does not limit a container's disk", REFUSES, "a volume"),
  sysctls: taken("`sysctls`", { each: item }),
  tmpfs: changedTo("mounts of type tmpfs", items),
  tty: taken("`tty`"),
  ulimits: taken("`ulimits`; a number is both limits", {
    only: "map",
    each: taken("one limit", { keys: { soft: taken("`soft`"), hard: taken("`hard`") } }),
  }),
  use_api_socket: refused(
    "swarm passes no credentials of a Docker engine on",
    REFUSES,
    "a bind mount of /var/run/docker.sock",
    [false],
  ),
  user: taken("`user`"),
  userns_mode: refused(
    "swarm uses the user namespace of the Docker engine",
    WARNS,
    "`userns-remap` of the nodes' Docker engines",
  ),
  uts: refused("swarm gives each container its own names", REFUSES, "`hostname`"),
  volume_driver: refused("volumes have drivers", REFUSES, "`volumes.<volume>.driver`"),
  volumes: mounts,
  volumes_from: refused(
    "swarm mounts no container's volumes",
    REFUSES,
    "a volume that both services mount",
  ),
  working_dir: taken("`workingDir`"),
  "x-route": route,
};
