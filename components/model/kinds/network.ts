import { contains, overlap, rangeOf } from "../addresses/subnets";
import type { Checked } from "../fields/field";
import { matching } from "../fields/rules";
import * as t from "../fields/types";
import type { Finding } from "../problem";
import { UNKNOWN } from "../values";

/** Option of a network that limits its packets, as Docker names it. */
export const MTU_OPTION = "com.docker.network.driver.mtu";

const cidr = matching(/^\d+(\.\d+){3}\/\d+$/, "an IPv4 network such as `10.201.7.0/24`");

/** A network of the swarm. */
export const networkFields = {
  /** Name on the swarm. @example blue_default */
  name: t.text(matching(/^[A-Za-z0-9][\w.-]*$/, "letters, digits, _ . and -")).required(),
  /** Network driver. @default overlay */
  driver: t.text(matching(/./, "a network driver such as `overlay`")).filled("overlay"),
  /** CIDR of its addresses. @default chosen by swarm from its address pools @example 10.201.1.0/24 */
  subnet: t.text(cidr),
  /** Further networks, whose addresses are used too. @default none @example ["10.201.2.0/24"] */
  moreSubnets: t.list(t.text(cidr), "a list such as `[10.201.2.0/24]`"),
  /** Address of the gateway. @default the first one of the subnet @example 10.201.1.1 */
  gateway: t.text(matching(/^\d+(\.\d+){3}$/, "an IPv4 address such as `10.0.1.10`")),
  /** Lets containers outside services join. @default false */
  attachable: t.flag().filled(false),
  /** No access to the outside. @default false */
  internal: t.flag().filled(false),
  /** Encrypts traffic between nodes. @default false */
  encrypted: t.flag().filled(false),
  /** Options of the driver. @default {} @example { com.docker.network.driver.mtu: "1400" } */
  options: t.texts().filled({}),
  /** @default {} */
  labels: t.texts().filled({}),
};

export type NetworkInputs = Checked<typeof networkFields>;

/** What is wrong between fields of a network. */
export function networkProblems(inputs: Partial<NetworkInputs>): Finding[] {
  const { subnet, gateway, options } = inputs;
  const findings: Finding[] = [...blockProblems(inputs)];
  const subnetIsWrong = typeof subnet === "string" && subnet.includes("/") && !rangeOf(subnet);
  if (subnetIsWrong) {
    const allowed = "numbers up to 255 and a length up to 32";
    findings.push({
      keys: ["subnet"],
      found: `"${subnet}"`,
      allowed,
      fix: "`subnet: 10.201.7.0/24`",
    });
  }
  const known = typeof gateway === "string" && (subnet as unknown) !== UNKNOWN && !subnetIsWrong;
  if (known && subnet === undefined) {
    const found = `"${gateway}" without a subnet`;
    findings.push({
      keys: ["gateway"],
      found,
      allowed: "a subnet with it",
      fix: "a subnet, or no gateway",
    });
  } else if (known && subnet !== undefined && !contains(subnet, `${gateway}/32`)) {
    const allowed = `an address inside ${subnet}`;
    findings.push({ keys: ["gateway"], found: `"${gateway}"`, allowed, fix: "another address" });
  }
  if (typeof options === "object" && options !== null && "encrypted" in options) {
    const about = { found: "an option that has its own field", allowed: "other options" };
    findings.push({
      keys: ["options", "encrypted"],
      ...about,
      fix: "`encrypted: true` beside options",
    });
  }
  return findings;
}

/** Blocks of addresses without a first one, that overlap, or that no network has. */
function blockProblems({ subnet, moreSubnets }: Partial<NetworkInputs>): Finding[] {
  const more = Array.isArray(moreSubnets) ? moreSubnets : [];
  const blocks: unknown[] = [subnet, ...more];
  const findings = more.flatMap((block: unknown, index) => {
    if (typeof block !== "string") return [];
    const keys = ["moreSubnets", index];
    const found = JSON.stringify(block);
    const example = "`moreSubnets: [10.201.8.0/24]`";
    if (rangeOf(block) === undefined) {
      return [{ keys, found, allowed: "numbers up to 255 and a length up to 32", fix: example }];
    }
    const other = blocks
      .slice(0, index + 1)
      .find((one) => typeof one === "string" && rangeOf(one) && overlap(one, block));
    if (other === undefined) return [];
    const allowed = "blocks that do not overlap";
    return [{ keys, found: `${found}, which overlaps ${other}`, allowed, fix: "another block" }];
  });
  if (more.length === 0 || subnet !== undefined) return findings;
  const about = { found: "further networks without a subnet", allowed: "a subnet with them" };
  return [...findings, { keys: ["moreSubnets"], ...about, fix: "a subnet, or no `moreSubnets`" }];
}
