import { describe, expect, test } from "vitest";
import type { Environment } from "../../components/config/environment/environment";
import { environmentMap } from "../../tools/report/drawing";
import { type Change, readChanged } from "../config/yard";

function draw(change: Change = {}): string {
  const { environment, problems } = readChanged(change);
  expect(problems).toEqual([]);
  return environmentMap(environment as Environment);
}

describe("the map of an environment", () => {
  test("shows machines, labels, platforms, services, networks and ports", () => {
    expect(draw()).toMatchInlineSnapshot(`
      "flowchart LR
        port__tcp__8080(["port 8080"]) -->|"web:80"| service__app__web
        subgraph group__platform["<b>platform-0</b><br/><i>manager</i> · platform=true · target=platform"]
          idle__platform[" "]:::idle
        end
        subgraph group__db["<b>db-0</b><br/><i>worker</i> · db=true · target=db"]
          service__app__redis["<b>redis</b> × 1<br/>app"]
        end
        subgraph group__agent["<b>agent-0, agent-1</b><br/><i>worker</i> · agent=true · target=agent"]
          idle__agent[" "]:::idle
        end
        service__app__web["<b>web</b> × 1<br/>app"]
        service__app__web -.- group__platform
        service__app__web -.- group__db
        service__app__web -.- group__agent
        subgraph platform__app["platform app"]
          network__app__default{{"app_default<br/>10.201.84.0/24"}}
        end
        service__app__redis --- network__app__default
        service__app__web --- network__app__default
        classDef service fill:#dbeafe,stroke:#2563eb,color:#1e3a8a
        classDef manager stroke:#d97706,stroke-width:3px
        classDef idle fill:none,stroke:none
        class service__app__redis,service__app__web service
        class group__platform manager
      "
    `);
  });

  test("draws a service inside the one group where it may run, others outside with dotted lines", () => {
    const map = draw();
    const db = map.slice(map.indexOf("subgraph group__db"), map.indexOf("subgraph group__agent"));
    expect(db).toContain("service__app__redis[");
    expect(db).not.toContain("service__app__web[");
    expect(map).toContain("service__app__web -.- group__platform");
    expect(map).toContain("service__app__web -.- group__agent");
    expect(map).not.toContain("service__app__redis -.-");
  });

  test("gives different things different identifiers and shows quotes as text", () => {
    const groups = { spare: { labels: { note: 'say "hi" <now>' } } };
    const map = draw({ values: { hosts: { groups } }, spec: { networks: { "a-b": {}, a_b: {} } } });
    expect(map).toContain("network__app__a_45_b{{");
    expect(map).toContain("network__app__a_95_b{{");
    expect(map).toContain("note=say #quot;hi#quot; #lt;now#gt;");
  });

  test("shortens the names of many hosts", () => {
    const map = draw({ values: { hosts: { groups: { agent: { count: 9 } } } } });
    expect(map).toContain("<b>agent-0, agent-1, … agent-8</b>");
  });

  test("names global services, jobs and resources", () => {
    const map = draw({
      values: { hosts: { groups: { db: { resources: { "NVIDIA-GPU": 2 } } } } },
      spec: {
        services: { web: { mode: "global" }, redis: { mode: "replicated-job", replicas: 4 } },
      },
    });
    expect(map).toContain("<b>web</b> on every node");
    expect(map).toContain("<b>redis</b> × 4, job");
    expect(map).toContain("2 NVIDIA-GPU");
  });
});
