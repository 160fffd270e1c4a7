/** The body of a request. */
export type Body = { [key: string]: unknown };

/** Something that we send differently on purpose. */
interface Difference {
  readonly reason: string;
  /** Removes the difference from what we send. */
  readonly ours?: (body: Body, post: string) => void;
  /** Removes it from what Docker sends. */
  readonly docker?: (body: Body, post: string) => void;
}

/** The body below keys, or an empty one. */
function at(body: Body, ...keys: readonly string[]): Body {
  let found: unknown = body;
  for (const key of keys) found = isMap(found) ? found[key] : undefined;
  return isMap(found) ? found : {};
}

/** Whether a value is a map. */
export function isMap(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listAt(body: Body, ...keys: readonly string[]): unknown[] {
  const last = keys.at(-1) ?? "";
  const list = at(body, ...keys.slice(0, -1))[last];
  return Array.isArray(list) ? list : [];
}

const CONTAINER = ["TaskTemplate", "ContainerSpec"] as const;
const HASH = /-[0-9a-f]{12}$/;

function dropDefaults(map: Body, defaults: { readonly [key: string]: unknown }): void {
  for (const [key, value] of Object.entries(defaults)) if (map[key] === value) delete map[key];
}

function once(body: Body, key: string): void {
  const list = body[key];
  if (Array.isArray(list)) body[key] = [...new Set(list)];
}

/** What the Docker engine takes for a field that is left out, wherever one of both sides says it. */
function engineDefaults(body: Body, post: string): void {
  if (post === "/networks/create") dropDefaults(at(body, "IPAM"), { Driver: "default" });
  if (post !== "/services/create") return;
  const mode = at(body, "Mode");
  if (isMap(mode.Replicated)) mode.Replicated = { Replicas: mode.Replicated.Replicas ?? 1 };
  for (const name of ["Global", "GlobalJob"]) if (isMap(mode[name])) mode[name] = "yes";
  if (isMap(mode.ReplicatedJob))
    mode.ReplicatedJob = { MaxConcurrent: 1, TotalCompletions: 1, ...mode.ReplicatedJob };
  dropDefaults(at(body, "EndpointSpec"), { Mode: "vip" });
  dropDefaults(at(body, "TaskTemplate", "RestartPolicy"), {
    Condition: "any",
    Delay: 5e9,
    MaxAttempts: 0,
    Window: 0,
  });
  dropDefaults(at(body, ...CONTAINER), { StopGracePeriod: 10e9, Isolation: "default" });
  for (const name of ["UpdateConfig", "RollbackConfig"]) {
    dropDefaults(at(body, name), {
      Order: "stop-first",
      FailureAction: "pause",
      MaxFailureRatio: 0,
      Monitor: 5e9,
      Delay: 0,
      Parallelism: 1,
    });
  }
  for (const port of listAt(body, "EndpointSpec", "Ports"))
    if (isMap(port)) Object.assign(port, { Protocol: "tcp", PublishMode: "ingress", ...port });
  for (const mount of listAt(body, ...CONTAINER, "Mounts")) {
    if (isMap(mount)) dropDefaults(at(mount, "BindOptions"), { Propagation: "rprivate" });
  }
}

/** Every difference that is meant, and why. */
export const differences: readonly Difference[] = [
  {
    reason:
      "our own labels say which stack and resource an object is of; `docker stack` does not read them",
    ours: (body) => {
      const labels = at(body, "Labels");
      for (const key of Object.keys(labels)) if (key.startsWith("swarmyard.")) delete labels[key];
    },
  },
  {
    reason:
      "the name of a secret or config ends with a hash of its content, so that new content can replace it",
    ours: (body, post) => {
      if (/secrets|configs/.test(post)) body.Name = String(body.Name).replace(HASH, "");
      for (const kind of ["Secret", "Config"]) {
        for (const file of listAt(body, ...CONTAINER, `${kind}s`)) {
          if (!isMap(file)) continue;
          for (const key of [`${kind}ID`, `${kind}Name`])
            file[key] = String(file[key]).replace(HASH, "");
        }
      }
    },
  },
  {
    reason: "every overlay gets a subnet of the environment's pool, so that no two overlap",
    ours: (body, post) => {
      if (post !== "/networks/create") return;
      const [block] = listAt(body, "IPAM", "Config");
      if (isMap(block) && String(block.Subnet).startsWith("10.201.")) delete body.IPAM;
    },
  },
  {
    reason: "we ask the Docker engine to refuse a second network of the same name",
    ours: (body) => delete body.CheckDuplicate,
  },
  {
    reason: "`encrypted` is on with any value; we send an empty one",
    docker: (body, post) => {
      const options = at(body, "Options");
      if (post === "/networks/create" && "encrypted" in options) options.encrypted = "";
    },
  },
  {
    reason: "what stands twice in a list of names counts once; Docker repeats what two files say",
    docker: (body) => {
      for (const network of listAt(body, "TaskTemplate", "Networks"))
        if (isMap(network)) once(network, "Aliases");
      once(at(body, "TaskTemplate", "Placement"), "Constraints");
      const placement = at(body, "TaskTemplate", "Placement");
      const texts = listAt(placement, "Preferences").map((item) => JSON.stringify(item));
      if (texts.length > 0)
        placement.Preferences = [...new Set(texts)].map((text) => JSON.parse(text));
      for (const key of ["Nameservers", "Search", "Options"])
        once(at(body, ...CONTAINER, "DNSConfig"), key);
      once(at(body, ...CONTAINER), "Hosts");
    },
  },
  {
    reason: "Docker engines take a protocol in capitals too; Docker passes it on as it is written",
    docker: (body) => {
      for (const port of listAt(body, "EndpointSpec", "Ports"))
        if (isMap(port)) port.Protocol = String(port.Protocol ?? "tcp").toLowerCase();
    },
  },
  {
    reason: "`consistency` of a mount is for Docker Desktop; a Linux engine does nothing with it",
    docker: (body) => {
      for (const mount of listAt(body, ...CONTAINER, "Mounts"))
        if (isMap(mount)) delete mount.Consistency;
    },
  },
  {
    reason: "what the Docker engine takes for a field that is left out means the same",
    ours: engineDefaults,
    docker: engineDefaults,
  },
];

/** A line of a comparison that is meant to be there. */
interface Meant {
  readonly reason: string;
  readonly line: RegExp;
}

/** What Docker leaves out without a word, or gets wrong, and we do right. */
export const meant: readonly Meant[] = [
  {
    reason:
      "`tmpfs` and `shm_size`: Docker leaves both out without a word; a tmpfs gives programs the memory that they ask for",
    line: /\.Mounts: we send \[(?:\{[^[\]]*"Type":"tmpfs"\},?)+\], Docker (?:\[\]|nothing)$/,
  },
  {
    reason: "`security_opt`: Docker leaves it out with a warning; services have these privileges",
    line: /\.Privileges: we send \{[^[\]]*\}, Docker nothing$/,
  },
  {
    reason: "`restart: no`: Docker leaves it out, and swarm starts the task again",
    line: /\.RestartPolicy: we send \{"Condition":"none"\}, Docker nothing$/,
  },
  {
    reason:
      "`healthcheck.test` of a later file replaces the earlier one; Docker puts both together",
    line: /\.Healthcheck\.Test: we send \[(.*)\], Docker \[(?:.*,\1|"[^[\]]*)\]$/,
  },
  {
    reason: "ports of one number but two protocols: Docker loses one where files are merged",
    line: /\.Ports: we send \[\{"Protocol":"(?:tc|ud)p"[^[\]]*\}\], Docker \[\]$/,
  },
  {
    reason: "`create_host_path` and `recursive` of a bind mount: Docker leaves them out",
    line: /\.Mounts: we send \[\{"BindOptions":\{"(?:CreateMountpoint|NonRecursive|ReadOnly\w+)":true.*\], Docker \[.*\]$/,
  },
  {
    reason: "the publish mode `overlay` does not exist; Docker engines take it as ingress",
    line: /\.Ports: we send \[\{.*"PublishMode":"ingress".*\}\], Docker \[\{.*"PublishMode":"overlay".*\}\]$/,
  },
  {
    reason: "a reservation of none of a resource asks for nothing",
    line: /\.Resources: we send nothing, Docker \{"Reservations":\{"GenericResources":\[\{"DiscreteResourceSpec":\{"Kind":"NVIDIA-GPU"\}\}\]\}\}$/,
  },
  {
    reason: "a default inside of a default: Docker passes the text of the inner one on",
    line: /\.(?:Args|Command|Env|Labels\.[^ ]+|Hostname): we send .*, Docker .*\$\{\w+.*$/,
  },
  {
    reason: "a date stays as it is written; Docker passes on what its own language makes of it",
    line: /\.Env: we send \["\w+=\d{4}-\d\d-\d\d"\], Docker \["\w+=\d{4}-\d\d-\d\d 00:00:00 \+0000 UTC"\]$/,
  },
  {
    reason: "one secret or config as two files: Docker loses one where files are merged",
    line: /\.(?:Secrets|Configs): we send \[\{"(?:Secret|Config)ID".*\}\], Docker \[\]$/,
  },
];
