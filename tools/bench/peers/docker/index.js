// The same environment as a plain program with @pulumi/docker: machines, swarm, services.
const fs = require("node:fs");
const path = require("node:path");
const command = require("@pulumi/command");
const docker = require("@pulumi/docker");

const plan = JSON.parse(fs.readFileSync(path.join(__dirname, "plan.json"), "utf8"));
const file = (name) => path.join(__dirname, name);
const labels = [{ label: "swarmyard.bench", value: "peer" }];

const network = new docker.Network("network", {
  name: plan.name,
  driver: "bridge",
  ipamConfigs: [{ subnet: plan.subnet, gateway: plan.gateway }],
});
const pushed = pushImage();
const keygen = (name) =>
  `[ -f ${name} ] || ssh-keygen -q -t ed25519 -N '' -C '' -f ${name}; cat ${name}`;
const operator = new command.local.Command("operator", {
  create: keygen("operator"),
  dir: __dirname,
  logging: "none",
});
const machines = plan.hosts.map(makeMachine);
const [first, ...others] = machines;
const manager = joinSwarm();
const onSwarm = useSwarm();
deploy();

function pushImage() {
  const data = new docker.Volume("registry-data", { name: `${plan.name}-registry` });
  const server = new docker.Container("registry", {
    name: `${plan.name}-registry`,
    image: plan.images.registry,
    networkMode: "bridge",
    networksAdvanced: [
      { name: network.name, aliases: ["registry"], ipv4Address: plan.registryAddress },
    ],
    ports: [{ internal: 5000, external: plan.registryPort, ip: "127.0.0.1" }],
    mounts: [{ type: "volume", source: data.name, target: "/var/lib/registry" }],
    healthcheck: { tests: ["CMD", "health"], interval: "1s", timeout: "10m0s", retries: 1 },
    wait: true,
    labels,
    init: true,
    restart: "unless-stopped",
  });
  const name = `127.0.0.1:${plan.registryPort}/bench/app:1`;
  const tag = new docker.Tag("tag", { sourceImage: plan.images.app, targetImage: name });
  const auth = { address: `http://127.0.0.1:${plan.registryPort}`, username: "any", password: "-" };
  return new docker.RegistryImage(
    "push",
    { name, keepRemotely: true, authConfig: auth },
    { dependsOn: [server, tag] },
  );
}

function makeMachine({ name, address, port }) {
  const key = new command.local.Command(`${name}-key`, {
    create: `${keygen(`key-${name}`)} >/dev/null; echo "[127.0.0.1]:${port} $(cat key-${name}.pub)" >> known_hosts; cat key-${name}.pub`,
    dir: __dirname,
  });
  const data = new docker.Volume(name, { name });
  const container = new docker.Container(
    name,
    {
      name,
      hostname: name,
      image: plan.images.node,
      capabilities: { adds: ["ALL"], drops: plan.missingCapabilities },
      securityOpts: ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"],
      init: true,
      networkMode: "bridge",
      networksAdvanced: [{ name: network.name, ipv4Address: address }],
      ports: [{ internal: 22, external: port, ip: "127.0.0.1" }],
      mounts: [{ type: "volume", source: data.name, target: "/var/lib/docker" }],
      uploads: [
        { file: "/etc/docker/daemon.json", source: file("daemon.json") },
        {
          file: "/etc/swarmyard/authorized_keys",
          source: file("operator.pub"),
          permissions: "0600",
        },
        { file: "/etc/swarmyard/host_key", source: file(`key-${name}`), permissions: "0600" },
      ],
      labels,
      restart: "unless-stopped",
    },
    {
      dependsOn: [operator, key],
      ignoreChanges: ["securityOpts", "uploads"],
      deleteBeforeReplace: true,
    },
  );
  const connection = {
    host: "127.0.0.1",
    port,
    user: "root",
    privateKey: operator.stdout,
    dialErrorLimit: 100,
  };
  const ready = new command.remote.Command(
    `${name}-ready`,
    { connection, create: "until docker info >/dev/null 2>&1; do sleep 0.1; done" },
    { dependsOn: [container] },
  );
  return { name, address, port, connection, ready };
}

function joinSwarm() {
  const init = new command.remote.Command(
    "init",
    {
      connection: first.connection,
      create: `docker swarm init --advertise-addr ${first.address} >/dev/null; docker swarm join-token -q worker`,
      logging: "none",
    },
    { dependsOn: [first.ready] },
  );
  const joined = others.map(
    ({ name, address, connection, ready }) =>
      new command.remote.Command(
        `${name}-join`,
        {
          connection,
          create: init.stdout.apply(
            (token) =>
              `docker swarm join --advertise-addr ${address} --token ${token} ${first.address}:2377`,
          ),
        },
        { dependsOn: [ready] },
      ),
  );
  return machines.map(
    ({ name }) =>
      new command.remote.Command(
        `${name}-label`,
        {
          connection: first.connection,
          create: `docker node update --label-add bench=true ${name}`,
        },
        { dependsOn: [init, ...joined] },
      ),
  );
}

function useSwarm() {
  const provider = new docker.Provider(
    "swarm",
    {
      host: `ssh://root@127.0.0.1:${first.port}`,
      sshOpts: ["-i", file("operator"), "-o", `UserKnownHostsFile=${file("known_hosts")}`],
    },
    { dependsOn: manager },
  );
  return { provider, dependsOn: manager };
}

function deploy() {
  const overlay = new docker.Network(
    "default",
    { name: "bench_default", driver: "overlay", ipamConfigs: [{ subnet: plan.overlay }] },
    onSwarm,
  );
  const secret = new docker.Secret(
    "token",
    { name: plan.secretName, data: Buffer.from(plan.secret).toString("base64") },
    onSwarm,
  );
  for (let n = 0; n < plan.services; n += 1) {
    const secrets = [
      { secretId: secret.id, secretName: secret.name, fileName: "/run/secrets/token" },
    ];
    new docker.Service(
      `s${n}`,
      {
        name: `bench_s${n}`,
        taskSpec: {
          containerSpec: {
            image: plan.service,
            env: { VERSION: plan.version },
            ...(n % plan.secretEvery === 0 ? { secrets } : {}),
          },
          networksAdvanceds: [{ name: overlay.id }],
          placement: { constraints: ["node.labels.bench == true"] },
        },
        mode: { replicated: { replicas: plan.replicas } },
        endpointSpec: { mode: "dnsrr" },
        updateConfig: { monitor: "1s" },
        convergeConfig: { delay: "1s", timeout: "15m" },
      },
      { ...onSwarm, dependsOn: [...manager, pushed] },
    );
  }
}
