import { describe, expect, test } from "vitest";
import type { LiveTask } from "../../components/engine/live";
import { placementRemedies } from "../../components/observe/placing";
import { registryRemedies } from "../../components/observe/post-mortem";
import { endingOf } from "../../components/observe/task-errors";

const failed = (Err: string, ExitCode = 0): LiveTask => ({
  ID: "t",
  Status: { State: "failed", Err, ContainerStatus: { ExitCode } },
});

const runc =
  "starting container failed: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";

// The texts are those of Docker 20.10, 26.1 and 28.5.
describe("what nodes say when a task fails", () => {
  test.each([
    [
      "a full disk",
      "failed to register layer: write /usr/lib/x.so: no space left on device",
      "the node's disk is full (no space left on device)",
      "make room on that node (`docker system df`, `docker image prune -a` there), or give it a larger disk",
      undefined,
    ],
    [
      "a limit above the node's cores",
      "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
      "the node has fewer cores than the service's limit: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
      "`resources.limits.cpus` (in a compose file `deploy.resources.limits.cpus`) of at most 2, or a constraint that keeps the service on larger nodes",
      "on this node",
    ],
    [
      "too small a part of a core",
      `${runc}error during container init: error setting cgroup config for procHooks process: failed to write "500": write /sys/fs/cgroup/cpu/docker/fe7d/cpu.cfs_quota_us: invalid argument: unknown`,
      "the kernel refuses so small a part of a core",
      "`resources.limits.cpus` (in a compose file `deploy.resources.limits.cpus`) of at least 0.01",
      "anywhere",
    ],
    [
      "a limit of open files above the node's",
      `${runc}error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown`,
      "the node does not allow its limit nofile: operation not permitted",
      "a smaller `ulimits` entry nofile of the service, or a higher limit for the Docker engine (its systemd unit) on that node",
      "on this node",
    ],
    [
      "a sysctl of the whole node",
      `${runc}error during container init: open /proc/sys/net/core/rmem_max: permission denied: unknown`,
      "the kernel refuses the sysctl net.core.rmem_max: permission denied",
      "remove it from `sysctls` of the service, and set it on the nodes where it is the node's own",
      "on this node",
    ],
    [
      "a sysctl with a wrong value",
      `${runc}error during container init: write /proc/sys/net/core/somaxconn: invalid argument: unknown`,
      "the kernel refuses the sysctl net.core.somaxconn: invalid argument",
      "correct its value in `sysctls` of the service",
      "on this node",
    ],
    [
      "a collector of logs that does not run",
      "starting container failed: failed to create task for container: failed to initialize logging driver: dial tcp 127.0.0.1:24224: connect: connection refused",
      "its log driver cannot start: dial tcp 127.0.0.1:24224: connect: connection refused",
      'start what receives the logs and let nodes reach it, since a task does not start without it (fluentd: `fluentd-async: "true"`)',
      undefined,
    ],
    [
      "an option of the log driver",
      "starting container failed: failed to create task for container: failed to initialize logging driver: compress cannot be true when max-file is less than 2 or max-size is not set",
      "its log driver cannot start: compress cannot be true when max-file is less than 2 or max-size is not set",
      "correct `logging` of the service",
      undefined,
    ],
    [
      "a file mounted at a folder",
      `${runc}error during container init: error mounting "/etc/passwd" to rootfs at "/usr": mount /etc/passwd:/usr (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
      "/etc/passwd cannot be mounted at /usr: one is a file, the other a folder",
      "mount a file where the image has a file, and a folder where it has a folder",
      "on this node",
    ],
    [
      "a node that cannot mount NFS",
      "starting container failed: error while mounting volume '/var/lib/docker/volumes/app_nfs1/_data': failed to mount local volume: mount :/nope:/var/lib/docker/volumes/app_nfs1/_data, data: addr=127.0.0.1: no such device",
      "the volume app_nfs1 cannot be mounted on the node: mount :/nope:/var/lib/docker/volumes/app_nfs1/_data, data: addr=127.0.0.1: no such device",
      "install what mounts it on every node where the service may run (for NFS: nfs-common or nfs-utils), or correct `type` in the volume's `driverOptions`",
      undefined,
    ],
    [
      "a folder that the server does not have",
      "starting container failed: error while mounting volume '/var/lib/docker/volumes/b1/_data': failed to mount local volume: mount /nope:/var/lib/docker/volumes/b1/_data, flags: 0x1000: no such file or directory",
      "the volume b1 cannot be mounted on the node: mount /nope:/var/lib/docker/volumes/b1/_data, flags: 0x1000: no such file or directory",
      "create the path that `device` names (on the server for NFS, on every node else), or correct `driverOptions` of the volume",
      undefined,
    ],
    [
      "a server that does not answer",
      "error while mounting volume '/var/lib/docker/volumes/v/_data': failed to mount local volume: mount :/x:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9: connection refused",
      "the volume v cannot be mounted on the node: mount :/x:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9: connection refused",
      "start the server, open its port for the nodes (2049/tcp for NFS), or correct `addr=` in the volume's `driverOptions`",
      undefined,
    ],
    [
      "a server that does not let it in",
      "error while mounting volume '/var/lib/docker/volumes/v/_data': failed to mount local volume: mount :/x:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9: permission denied",
      "the volume v cannot be mounted on the node: mount :/x:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9: permission denied",
      "let the server export it to the nodes, or correct `o` in the volume's `driverOptions`",
      undefined,
    ],
    [
      "a server that exports another folder now",
      "error while mounting volume '/var/lib/docker/volumes/v/_data': failed to mount local volume: mount :/x:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9: stale file handle",
      "the volume v cannot be mounted on the node: mount :/x:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9: stale file handle",
      "the server exports another folder now: stop the service's tasks, and remove the volume from the node (docker volume rm)",
      undefined,
    ],
    [
      "a part of a volume that does not exist",
      "starting container failed: cannot access path /var/lib/docker/volumes/s1/_data/site/a: lstat /var/lib/docker/volumes/s1/_data/site/a: no such file or directory",
      "the volume s1 has no site/a, which `subpath` names",
      "make that folder in the volume before (a `seed`, or a job), or leave `subpath` out",
      undefined,
    ],
    [
      "a plugin that the node does not have",
      'create app_data: error looking up volume plugin rexray/ebs: plugin "rexray/ebs" not found',
      "the node has no plugin rexray/ebs, which the volume's `driver` names",
      "docker plugin install rexray/ebs on every node where the service may run, or another `driver`",
      "on this node",
    ],
    [
      "a port of a container",
      "starting container failed: driver failed programming external connectivity on endpoint x1.1.m4fh (5107): Bind for 0.0.0.0:1234 failed: port is already allocated",
      "port 1234 of the node is published by a container that is not a task of a service",
      "publish another port, or remove that container (`docker ps --filter publish=1234` on the node)",
      undefined,
    ],
    [
      "networks with the same addresses",
      "invalid pool request: Pool overlaps with other one on this address space",
      "a network of the service has addresses that another network of the node has (Pool overlaps)",
      "another `subnet` for the network, or remove the other one (`docker network ls` on the node)",
      undefined,
    ],
    [
      "an interface that is left over",
      'network sandbox join failed: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: file exists',
      "the node cannot make its end of an overlay network: vxlan interface, file exists",
      "an interface is left over, or another program on the node has VXLAN: reboot the node, or set another `dataPathPort` in swarmyard:swarm",
      undefined,
    ],
    [
      "a kernel without VXLAN",
      'network sandbox join failed: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: operation not supported',
      "the node cannot make its end of an overlay network: vxlan interface, operation not supported",
      "load the kernel module vxlan on that node (`modprobe vxlan`)",
      undefined,
    ],
    [
      "rules that a firewall flushed",
      "failed to create endpoint x on network docker_gwbridge: COMMAND_FAILED: '/sbin/iptables -t nat -A DOCKER' failed: iptables: No chain/target/match by that name.",
      "the node's firewall rules of Docker are gone (iptables): something flushed them",
      "restart the Docker engine of that node (`systemctl restart docker`), which builds its networks again; reload of firewalld or iptables does this",
      undefined,
    ],
    [
      "a network that the node lost",
      'could not add veth pair inside the network sandbox: could not find an appropriate master "ov-001001-abc" for "veth1"',
      'the node cannot attach the task to its network: could not add veth pair inside the network sandbox: could not find an appropriate master "ov-001001-abc" for "veth1"',
      "wait a minute; if it stays, restart the Docker engine of that node (`systemctl restart docker`), which builds its networks again",
      undefined,
    ],
    [
      "a full network of the node",
      "failed to allocate gateway: no available IPv4 addresses on this network's address pools: docker_gwbridge (b3e9)",
      "the network docker_gwbridge has no address left on the node",
      "a larger `subnet` for the network, or fewer tasks on it",
      undefined,
    ],
    [
      "a GPU without its driver",
      'could not select device driver "nvidia" with capabilities: [[gpu]]',
      'the node cannot give it a GPU: could not select device driver "nvidia" with capabilities: [[gpu]]',
      "install the GPU's driver and nvidia-container-toolkit on that node, or remove the node's generic resource",
      "on this node",
    ],
    [
      "AppArmor without its profile",
      "AppArmor enabled on system but the docker-default profile could not be loaded: running `apparmor_parser` failed",
      "the node's AppArmor has no profile docker-default",
      "install the package apparmor on that node and restart its Docker engine",
      "on this node",
    ],
    [
      "a program that is not executable",
      `${runc}exec: "/entrypoint.sh": permission denied: unknown`,
      'its program cannot be started: "/entrypoint.sh": permission denied',
      "make it executable in the image (`chmod +x`), or name another program in `entrypoint` or `command`",
      "anywhere",
    ],
    [
      "a log driver that needs an option",
      "must specify a value for log opt 'awslogs-group'",
      "must specify a value for log opt 'awslogs-group'",
      "correct `logging` of the service",
      "anywhere",
    ],
    [
      "a mode of logs that does not exist",
      "logger: logging mode not supported: non-block",
      "logger: logging mode not supported: non-block",
      "correct `logging` of the service",
      "anywhere",
    ],
  ])("%s", (_, said, text, remedy, final) => {
    expect(endingOf(failed(said))).toEqual({ text, remedy, final });
  });

  test.each([
    [132, /^SIGILL: .*AVX/],
    [135, /^SIGBUS: .*`shm_size`/],
    [137, /^SIGKILL: .*`resources\.limits\.memory`/],
  ])("exit code %i of the kernel", (code, remedy) => {
    const ending = endingOf(failed(`task: non-zero exit (${code})`, code));
    expect(ending.text).toBe(`its program ended with exit code ${code}`);
    expect(ending.remedy).toMatch(remedy);
    expect(ending.final).toBeUndefined();
  });
});

test("a plugin that no node has is named when a task finds no node", () => {
  expect(placementRemedies("no suitable node (missing plugin on 3 nodes)")).toEqual([
    "correct the driver of its volumes, networks or `logging`, or install that plugin on the nodes (docker plugin install)",
  ]);
});

describe("what a registry answers", () => {
  const image = "registry.example.org:5000/team/app:1";
  const at = "registry.example.org:5000";
  test.each([
    [
      "toomanyrequests: You have reached your unauthenticated pull rate limit",
      "redis:7",
      "log in to docker.io (swarmyard:registries), which allows more pulls, wait, or push the image to the environment's registry",
    ],
    [
      "unauthorized: authentication required",
      image,
      `correct \`image\`, or give a login that may read it: \`${at}\` in swarmyard:registries; one that expired needs its password set again (npm run secret -- set)`,
    ],
    [
      "denied: requested access to the resource is denied",
      "team/app:1",
      "correct `image`, or give a login that may read it: `docker.io` in swarmyard:registries; one that expired needs its password set again (npm run secret -- set)",
    ],
    [
      `Get "https://${at}/v2/": http: server gave HTTP response to HTTPS client`,
      image,
      `TLS for that registry, or \`insecure-registries: [${at}]\` in \`daemon\` of the groups`,
    ],
    [
      `Get "https://${at}/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      image,
      `a certificate that the nodes trust: its CA in /etc/docker/certs.d/${at}/ca.crt on every node; if it "is not yet valid" or "has expired", look at the nodes' clocks too`,
    ],
    [
      "no matching manifest for linux/arm64/v8 in the manifest list entries",
      image,
      "build the image for the nodes' platform, or place the service on nodes of the image's",
    ],
    [
      `Get "https://${at}/v2/": dial tcp: lookup registry.example.org: no such host`,
      image,
      `let the nodes reach ${at}: its name, the network, or a proxy (\`proxies\` in \`daemon\` of the groups)`,
    ],
  ])("%s", (said, named, remedy) => {
    expect(registryRemedies(said, named)).toEqual([remedy]);
  });

  test("has no other remedy where only the name can be wrong", () => {
    expect(registryRemedies("manifest unknown", image)).toEqual([]);
  });
});
