import type { Known } from "./known";

const restart =
  "restart the Docker engine of that node (`systemctl restart docker`), which builds its networks again";

/** What is wrong with the networks of a node. */
export const networks: readonly Known[] = [
  {
    pattern: /(?:listen (\w+) \S*:(\d+): )?bind: address already in use/,
    text: ([said, protocol = "tcp", port]) =>
      `port ${port ?? ""}/${protocol.replace(/\d$/, "")} of the node is in use by something outside swarm (${said})`,
    remedy: () => "publish another port, or stop what listens there on the node",
  },
  {
    pattern: /Bind for \S*:(\d+) failed: port is already allocated/,
    text: ([, port]) =>
      `port ${port} of the node is published by a container that is not a task of a service`,
    remedy: ([, port]) =>
      `publish another port, or remove that container (\`docker ps --filter publish=${port}\` on the node)`,
  },
  {
    pattern: /Pool overlaps with other one on this address space/,
    text: () =>
      "a network of the service has addresses that another network of the node has (Pool overlaps)",
    remedy: () =>
      "another `subnet` for the network, or remove the other one (`docker network ls` on the node)",
  },
  {
    pattern: /error creating vxlan interface: (file exists|operation not supported|[^:]+)/,
    text: ([, said]) =>
      `the node cannot make its end of an overlay network: vxlan interface, ${said}`,
    remedy: ([, said = ""]) =>
      /not supported|no such device/.test(said)
        ? "load the kernel module vxlan on that node (`modprobe vxlan`)"
        : "an interface is left over, or another program on the node has VXLAN: reboot the node, or set another `dataPathPort` in swarmyard:swarm",
  },
  {
    pattern: /No chain\/target\/match by that name|iptables(?:-\w+)? failed|DOCKER-ISOLATION-STAGE/,
    text: () => "the node's firewall rules of Docker are gone (iptables): something flushed them",
    remedy: () => `${restart}; reload of firewalld or iptables does this`,
  },
  {
    pattern:
      /network sandbox join failed|could not find an appropriate master|failed to get network during CreateEndpoint|attaching to network failed|network \S+ not found/,
    text: (_, whole) => `the node cannot attach the task to its network: ${whole}`,
    remedy: () => `wait a minute; if it stays, ${restart}`,
  },
  {
    pattern: /no available IPv4 addresses on this network's address pools: (\S+)/,
    text: ([, network]) => `the network ${network} has no address left on the node`,
    remedy: () => "a larger `subnet` for the network, or fewer tasks on it",
  },
];
