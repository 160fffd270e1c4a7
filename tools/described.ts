/** How a command is described. */
export interface Description {
  /** What it does, in a line. */
  readonly does: string;
  /** What it takes besides `-s`; undefined when it takes nothing else. */
  readonly takes?: string;
  /** Calls as people type them. */
  readonly examples: readonly [string, ...string[]];
  /** Whose words follow: our own options may be anywhere, only first, or nowhere. @default anywhere */
  readonly ours?: "first" | "none";
  /** It works on one environment and takes `-s`. @default true */
  readonly stack?: false;
}

/** Every command, with what it does and takes. */
export const commands = {
  up: {
    examples: ["npm run up", "npm run up -- -s staging --refresh"],
    does: "creates the environment, or brings it up to date",
    takes: "[--yes] [--stand-ins] [options of pulumi up]",
  },
  down: {
    examples: [
      "npm run down -- -s staging",
      "npm run down -- -s staging --sweep",
      "npm run down -- -s staging --platform demo --level clean",
    ],
    does: "removes the environment; with --sweep also when its state is lost",
    takes:
      "[--yes] [--sweep [--data]] [--platform <name> --level keep|clean|all] [options of pulumi destroy]",
  },
  preview: {
    examples: ["npm run preview", "npm run preview -- -s staging --diff"],
    does: "shows what `up` would change",
    takes: "[--stand-ins] [options of pulumi preview]",
  },
  refresh: {
    examples: ["npm run refresh -- -s staging"],
    does: "reads what really exists into the state",
    takes: "[options of pulumi refresh]",
  },
  upgrade: {
    examples: ["npm run upgrade -- -s staging", "npm run upgrade -- -s prod --yes"],
    does: "gives nodes a newer Docker engine, one by one after draining: on this machine the one that the environment file states, on others what their package sources have",
    takes: "[--yes]",
  },
  recover: {
    examples: ["npm run recover -- -s staging"],
    does: "brings back a swarm that has lost the majority of its managers",
    takes: "[--yes]",
  },
  "refresh-machines": {
    examples: ["npm run refresh-machines -- -s prod"],
    does: "replaces machines on AWS that would start from a newer image today, one by one after draining",
    takes: "[--yes]",
  },
  docker: {
    examples: [
      "npm run docker -- service ls",
      "npm run docker -- -s staging service logs demo_web",
    ],
    does: "runs a docker command on the swarm",
    takes: "<docker command>",
    ours: "first",
  },
  reach: {
    examples: ["npm run reach -- -s staging"],
    does: "has every node try every other one on the swarm's ports, and says what is blocked",
  },
  env: {
    examples: ['eval "$(npm run -s env)" && pulumi preview -s local'],
    does: "prints the exports that plain `pulumi` needs",
  },
  secret: {
    examples: ["npm run secret -- set apiToken -s prod < token.txt"],
    does: "encrypts a value, typed or piped in, into the environment's file",
    takes: "set <key>",
  },
  convert: {
    examples: [
      "npm run -s convert -- ../shop/compose.yaml",
      "npm run -s convert -- compose.yml prod.yml --env-file .env --profile debug",
    ],
    does: "prints what compose files become, key by key, and the platform in TypeScript",
    takes: "<files> [--env-file <file>] [--profile <name>] [--lenient]",
    stack: false,
  },
  adopt: {
    examples: [
      "npm run adopt -- -s prod root@203.0.113.10",
      "npm run adopt -- -s prod admin@203.0.113.10 admin@203.0.113.11:2222 --key ~/.ssh/id_ed25519",
      "npm run adopt -- -s prod admin@203.0.113.10 --sudo",
    ],
    does: "reads a swarm that exists and writes the environment file and the platforms that describe it; name a manager, and other nodes whose address here is not the one in the swarm; with --sudo it asks for the password of sudo",
    takes: "<[user@]address[:port]> […] [--key <file>] [--via <jump host>] [--sudo] [--overwrite]",
  },
  map: { examples: ["npm run -s map > map.mmd"], does: "draws the environment as Mermaid" },
  leaks: {
    examples: ["npm run leaks -- -s dev"],
    does: "lists what AWS still holds of an environment that was destroyed",
  },
  scan: {
    examples: ["npm run scan -- -s prod"],
    does: "reports what ECR found in an environment's images, and fails when it is critical or high",
  },
  ci: {
    examples: ["npm run ci -- preview -s dev"],
    does: "what workflows run",
    takes: "preview|apply|reap [--yes] [options of pulumi]",
  },
  setup: {
    examples: ["npm run setup"],
    does: "installs what an environment needs on this machine: Docker engine, base image, Pulumi",
    stack: false,
  },
  test: {
    examples: ["npm test -- --only unit"],
    does: "runs all tests except those of trust and AWS",
    takes: "[--only check|unit|conformance|peer|e2e|upgrade|systems]",
    stack: false,
  },
  "test:trust": {
    examples: ["npm run test:trust -- secrets", "npm run test:trust -- --engine debian-12 killed"],
    does: "runs the environment under abuse, or the files with a word in their name",
    takes: "[--engine debian-12|debian-13|sid] [part of a file's name]",
    stack: false,
  },
  "test:systems": {
    examples: ["npm run test:systems -- openmpf"],
    does: "runs the systems of platforms/ with small images, or the files with a word in their name",
    takes: "[part of a file's name]",
    stack: false,
  },
  "test:aws": {
    examples: ["npm run test:aws -- spot"],
    does: "runs environments on a stand-in for AWS, or the files with a word in their name",
    takes: "[part of a file's name]",
    stack: false,
  },
  "build:aws": {
    examples: ["npm run build:aws"],
    does: "builds the Pulumi plugin for AWS where it cannot be downloaded",
    stack: false,
  },
  bench: {
    examples: ["npm run bench -- --quick"],
    does: "compares it with other tools",
    takes: "[options, see --help]",
    ours: "none",
    stack: false,
  },
} as const satisfies { readonly [name: string]: Description };
