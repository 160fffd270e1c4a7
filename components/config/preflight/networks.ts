import { contains, overlap, parseCidr } from "../../model/addresses/subnets";
import { valueAt } from "../../model/merge";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import { LOCAL_SUBNET_BITS } from "../environment/addresses";
import { needsSubnet } from "../platforms/plan";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";

interface Claim {
  readonly cidr: string;
  /** What the network is, in words. */
  readonly what: string;
  readonly problem: (found: string, allowed: string, fix: string) => Problem;
}

/** Networks that overlap, and networks that are full. */
export const checkNetworks: Check = (flight) => [
  ...overlaps(flight),
  ...gateways(flight.drafts),
  ...localRoom(flight),
  ...poolRoom(flight),
];

function settingClaim(keys: Keys, cidr: string, what: string): Claim {
  const problem = (found: string, allowed: string, fix: string) =>
    fileProblem(keys, { found, allowed, fix });
  return { cidr, what, problem };
}

/** Networks of the environment, without those of platforms. */
function pools({ environment }: Flight): readonly Claim[] {
  const { local, swarm, aws } = environment;
  const claims: Claim[] = [];
  if (local !== undefined) {
    claims.push(
      settingClaim(["hosts", "local", "subnet"], local.subnet, "the local hosts' subnet"),
    );
  }
  if (aws?.vpc.kind === "new") {
    claims.push(settingClaim(["aws", "vpc", "cidr"], aws.vpc.cidr, "the VPC"));
  }
  swarm.addressPools.forEach((cidr, index) => {
    claims.push(
      settingClaim(["swarm", "addressPools", index], cidr, "a pool for overlay networks"),
    );
  });
  claims.push(settingClaim(["swarm", "platformPool"], swarm.platformPool, "the platforms' pool"));
  if (swarm.mesh !== undefined) {
    claims.push(settingClaim(["swarm", "mesh"], swarm.mesh.subnet, "the mesh"));
  }
  const { subnet } = swarm.ingress ?? {};
  if (subnet !== undefined) {
    claims.push(
      settingClaim(["swarm", "ingress", "subnet"], subnet, "the network of published ports"),
    );
  }
  return claims;
}

function statedSubnets(drafts: readonly Draft[]): readonly Claim[] {
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.networks).flatMap(([key, network]) => {
      // A network chosen from the pool overlaps only with what the pool overlaps with.
      const stated = valueAt(draft.written, ["networks", key, "subnet"]) !== undefined;
      if (!stated || network.kind === "external" || network.subnet === undefined) return [];
      const claim = (cidr: string, ...keys: Keys): Claim => {
        const problem = (found: string, allowed: string, fix: string) =>
          platformProblem(draft, ["networks", key, ...keys], { found, allowed, fix });
        return { cidr, what: `network ${key} of platform ${draft.name}`, problem };
      };
      const more = network.moreSubnets ?? [];
      return [
        claim(network.subnet, "subnet"),
        ...more.map((block, index) => claim(block, "moreSubnets", index)),
      ];
    }),
  );
}

function overlaps(flight: Flight): readonly Problem[] {
  const { platformPool, addressPools, adopt } = flight.environment.swarm;
  const seen: Claim[] = [];
  const problems: Problem[] = [];
  const check = (claim: Claim, mayBeIn: readonly string[]) => {
    for (const other of seen) {
      if (!overlap(claim.cidr, other.cidr)) continue;
      if (mayBeIn.includes(other.cidr) && contains(other.cidr, claim.cidr)) continue;
      const found = `${claim.cidr}, which overlaps ${other.cidr}, ${other.what}`;
      problems.push(
        claim.problem(
          found,
          "a network that overlaps with no other",
          `a network outside ${other.cidr}`,
        ),
      );
    }
    seen.push(claim);
  };
  for (const claim of pools(flight)) check(claim, []);
  // The networks of a swarm that is taken over have subnets that it gave them.
  const within = [platformPool, ...(adopt === true ? addressPools : [])];
  for (const claim of statedSubnets(flight.drafts)) check(claim, within);
  return problems;
}

function gateways(drafts: readonly Draft[]): readonly Problem[] {
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.networks).flatMap(([key, network]) => {
      if (network.kind === "external") return [];
      const { gateway, subnet } = network;
      if (gateway === undefined || subnet === undefined) return [];
      if (contains(subnet, `${gateway}/32`)) return [];
      const found = `${gateway}, which is not in ${subnet}`;
      const about = { found, allowed: `an address in ${subnet}`, fix: "remove `gateway`" };
      return [platformProblem(draft, ["networks", key, "gateway"], about)];
    }),
  );
}

function localRoom({ environment }: Flight): readonly Problem[] {
  if (environment.local === undefined) return [];
  const { subnet } = environment.local;
  const crowded = environment.hosts.some((host) => host.kind === "local" && host.sshPort === 0);
  if (parseCidr(subnet).bits <= LOCAL_SUBNET_BITS && !crowded) return [];
  const allowed = `a network of at least /${LOCAL_SUBNET_BITS}; its first 256 addresses are reserved`;
  return [
    fileProblem(["hosts", "local", "subnet"], {
      found: subnet,
      allowed,
      fix: "`subnet: 10.64.0.0/16`",
    }),
  ];
}

function poolRoom({ drafts, environment }: Flight): readonly Problem[] {
  const without = drafts.flatMap(({ name, plan }) =>
    Object.entries(plan.networks)
      .filter(([, network]) => needsSubnet(network))
      .map(([key]) => `${name}.${key}`),
  );
  if (without.length === 0) return [];
  const { platformPool } = environment.swarm;
  const found = `${platformPool}, which has no /24 left for ${without.join(", ")}`;
  const allowed = "a pool with a /24 for each network of the platforms";
  return [
    fileProblem(["swarm", "platformPool"], {
      found,
      allowed,
      fix: "`platformPool: 10.201.0.0/16`",
    }),
  ];
}
