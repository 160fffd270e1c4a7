import { expect, test } from "vitest";
import { plannedTogether } from "../../planned";
import { brief, readChanged } from "../yard";

const image = "redis:7";

test("what another platform makes is known by its real name, and a volume has its driver", () => {
  const { agents } = plannedTogether({
    agents: {
      networks: {
        main: { external: true, name: "blue_net" },
        out: { external: true, name: "out" },
      },
      volumes: { data: { external: true, name: "blue_data" }, out: { external: true } },
      secrets: { key: { external: "blue_key" }, out: { external: "out" } },
      configs: { text: { external: "blue-settings" } },
      services: {
        a: {
          image,
          networks: { main: {} },
          mounts: {
            "/data": { type: "volume", source: "data", volume: { noCopy: true } },
            "/out": { type: "volume", source: "out" },
          },
        },
      },
    },
    blue: {
      networks: { net: {} },
      volumes: { data: { driverOptions: { type: "nfs", o: "addr=192.0.2.1", device: ":/data" } } },
      secrets: { key: { random: 24 } },
      configs: { settings: { content: "x", name: "blue-settings" } },
    },
  });
  const driver = {
    driver: "local",
    driverOptions: { type: "nfs", o: "addr=192.0.2.1", device: ":/data" },
  };
  expect(agents?.networks).toEqual({
    main: { kind: "external", name: "blue_net", owner: { platform: "blue", key: "net" } },
    out: { kind: "external", name: "out" },
  });
  expect(agents?.volumes).toEqual({
    data: {
      kind: "external",
      name: "blue_data",
      owner: { platform: "blue", key: "data" },
      ...driver,
    },
    out: { kind: "external", name: "agents_out" },
  });
  expect(agents?.secrets).toEqual({
    key: { kind: "external", name: "blue_key", owner: { platform: "blue", key: "key" } },
    out: { kind: "external", name: "out" },
  });
  expect(agents?.configs.text).toEqual({
    kind: "external",
    name: "blue-settings",
    owner: { platform: "blue", key: "settings" },
  });
  expect(agents?.services.a?.mounts).toEqual({
    "/data": { type: "volume", source: "blue_data", volume: { noCopy: true, ...driver } },
    "/out": { type: "volume", source: "agents_out" },
  });
});

test("two platforms may use networks of each other", () => {
  const spec = (own: string, other: string) => ({
    networks: { [own]: {}, theirs: { external: true, name: `${other}_${other}` } } as const,
    services: { web: { image, networks: { [own]: {}, theirs: {} } } },
  });
  const { a, b } = plannedTogether({ a: spec("a", "b"), b: spec("b", "a") });
  expect(a?.networks.theirs).toMatchObject({ owner: { platform: "b", key: "b" } });
  expect(b?.networks.theirs).toMatchObject({ owner: { platform: "a", key: "a" } });
});

test("a name that begins with a platform which does not make it is a warning", () => {
  const { problems, warnings } = readChanged({
    values: { platforms: { other: {} } },
    more: {
      other: {
        folder: "/",
        networks: { main: { external: true, name: "app_defalt" } },
        configs: { text: { external: "app_text" } },
        services: { a: { image, networks: { main: {} }, configs: { "/a": { source: "text" } } } },
      },
    },
  });
  expect(problems).toEqual([]);
  expect(warnings.map(brief)).toEqual([
    [
      "platforms/other: networks.main",
      '"app_defalt", which platform app does not make; it has to exist already',
      "app_default",
      "did you mean `app_default`?",
    ],
    [
      "platforms/other: configs.text",
      '"app_text", which platform app does not make; it has to exist already',
      "app_settings",
      "`app_text` in platform app",
    ],
  ]);
});
