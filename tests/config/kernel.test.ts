import { describe, expect, test } from "vitest";
import { inConfig } from "../../components/local-engine/kernel";
import { brief, type Change, readChanged } from "./yard";

/** What is refused and warned of on a kernel without IP_VS. */
function without(change: Change = {}) {
  const { problems, warnings } = readChanged({ ...change, world: { ipvs: false } });
  return { problems: problems.map(brief), warnings: warnings.map(brief) };
}

const noIngress = "mode host, because this machine's kernel has no IP_VS, which ingress needs";

describe("on a kernel without IP_VS", () => {
  test("ingress is refused, and virtual addresses are warned of", () => {
    expect(without()).toEqual({
      problems: [
        [
          "swarmyard:swarm.publish",
          "ingress, for the ports of app.web",
          noIngress,
          "`publish: host` and `discovery: dnsrr`",
        ],
      ],
      warnings: [
        [
          "swarmyard:swarm.discovery",
          '"vip", with which the names of app.redis, app.web lead nowhere',
          "dnsrr, because this machine's kernel has no IP_VS",
          "`discovery: dnsrr`",
        ],
      ],
    });
  });

  test("a service's own ingress is refused at the service, however many replicas it has", () => {
    const own = {
      values: { swarm: { discovery: "dnsrr", publish: "host" } },
      spec: {
        services: {
          web: {
            replicas: 9,
            endpointMode: "vip",
            ports: [{ target: 80, published: 8080, mode: "ingress" }],
          },
        },
      },
    };
    expect(without(own).problems).toEqual([
      [
        "platforms/app: services.web.ports[0].mode",
        "ingress for port 8080 of service web",
        noIngress,
        "`mode: host` for the port and `endpointMode: dnsrr`, at most 4 replicas (one for each node; `route` in place of the port allows more)",
      ],
    ]);
  });

  test("a port that need not answer may stay", () => {
    expect(without({ spec: { rollout: { quietPorts: [8080] } } }).problems).toEqual([]);
  });

  test("nothing is said where names and ports go without it", () => {
    const values = { swarm: { discovery: "dnsrr", publish: "host" } };
    expect(without({ values })).toEqual({ problems: [], warnings: [] });
  });
});

test.each([[true], [undefined]])("with IP_VS %s nothing is said", (ipvs) => {
  const { problems, warnings } = readChanged({ world: ipvs === undefined ? {} : { ipvs } });
  expect([problems, warnings]).toEqual([[], []]);
});

describe("a kernel's configuration", () => {
  test.each<[string, string, boolean | undefined]>([
    ["has IP_VS built in", "CONFIG_A=y\nCONFIG_IP_VS=y\nCONFIG_IP_VS_RR=m\n", true],
    ["has none", "CONFIG_A=y\n# CONFIG_IP_VS is not set\n", false],
    ["has a module, which may not be installed", "CONFIG_IP_VS=m\n", undefined],
    ["cannot be read", "", undefined],
    ["only has a longer name", "# CONFIG_IP_VS_RR is not set\n", undefined],
  ])("%s", (_, text, has) => {
    expect(inConfig("IP_VS", text)).toBe(has);
  });
});
