import { expect, test } from "vitest";
import type { ServiceSpec } from "../../../components/model/platform/service-spec";
import { inClear, noteLine } from "../../../tools/adopt/notes";

test("variables and log options that look like secrets are named by service, without their values", () => {
  const image = "web:1";
  const services: { readonly [key: string]: ServiceSpec } = {
    web: {
      image,
      env: { DB_PASSWORD: "hunter2", DB_PASSWORD_FILE: "/run/secrets/db", HOST: "db", TOKEN: "" },
      logging: { driver: "splunk", options: { "splunk-token": "hunter3", "splunk-url": "x" } },
    },
    plain: { image, env: { HOST: "db" } },
    none: { image },
  };
  expect(inClear([{ name: "shop", services: {}, spec: { folder: "", services } }])).toEqual([
    "platforms/shop: services.web has DB_PASSWORD, splunk-token in clear, as the swarm does: keep the file out of git, or make them secrets, which restarts its tasks",
  ]);
});

test("a note moves no cursor and is one line, whatever a node calls itself", () => {
  const hostname = "w1\u001b[2J\n::error::x";
  expect(noteLine(`${hostname}: its label`)).toBe("note: w1 : :error::x: its label");
});
