import { changedTo, ignored, REFUSES, refused, taken } from "./rule";

const item = taken("one entry");

const policy = (name: string) =>
  taken(`\`${name}\``, {
    keys: {
      parallelism: taken("`parallelism`; 0 is all at once"),
      delay: taken("`delay`"),
      failure_action: taken("`failureAction`"),
      monitor: taken("`monitor`"),
      max_failure_ratio: taken("`maxFailureRatio`"),
      order: taken("`order`"),
    },
  });

const limits = {
  cpus: taken("`cpus`; 0 is none"),
  memory: taken("`memory`; `10G` is 10 GiB, 0 is none"),
};

const device = taken("one request", {
  keys: {
    capabilities: taken("`[gpu]`; others are refused"),
    count: taken("how many; `all` is refused"),
    device_ids: refused("swarm chooses the devices", REFUSES, "`count`"),
    driver: ignored("the nodes' engines announce the resource"),
    options: refused("generic resources have no options", REFUSES, "`count` alone"),
  },
});

/** `deploy` of a service. */
export const deployRule = taken("the fields below", {
  keys: {
    endpoint_mode: taken("`endpointMode`"),
    labels: taken("`labels`: those of the service", { each: item }),
    mode: taken("`mode`, also replicated-job and global-job"),
    placement: taken("`placement`", {
      keys: {
        constraints: taken("`constraints`", { each: item, only: "list" }),
        max_replicas_per_node: taken("`maxReplicasPerNode`"),
        preferences: taken("`spread`", {
          only: "list",
          each: taken("one preference", { keys: { spread: taken("what to spread over") } }),
        }),
      },
    }),
    replicas: taken("`replicas`"),
    resources: taken("`resources`", {
      keys: {
        limits: taken("`limits`", { keys: { ...limits, pids: taken("`pids`") } }),
        reservations: taken("`reservations`", {
          keys: {
            ...limits,
            devices: changedTo("`gpus`: a reservation of NVIDIA-GPU", {
              each: device,
              only: "list",
            }),
            generic_resources: taken("`generic`", {
              only: "list",
              each: taken("one resource", {
                keys: {
                  discrete_resource_spec: taken("a kind and a number", {
                    keys: { kind: taken("its kind"), value: taken("how many") },
                  }),
                },
              }),
            }),
          },
        }),
      },
    }),
    restart_policy: taken("`restart`", {
      keys: {
        condition: taken("any, on-failure or none"),
        delay: taken("`delay`"),
        max_attempts: taken("`maxAttempts`"),
        window: taken("`window`"),
      },
    }),
    rollback_config: policy("rollback"),
    update_config: policy("update"),
  },
});
