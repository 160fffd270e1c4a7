import { describe, expect, test } from "vitest";
import { attachmentsOf, networksOf, realName, volumeDriver } from "../../components/platform/names";

const services = {};

describe("realName", () => {
  test("joins platform and key as docker stack does", () => {
    expect(realName("demo", "data")).toBe("demo_data");
  });
  test("keeps a name of its own", () => {
    expect(realName("demo", "data", "blue_demo_data")).toBe("blue_demo_data");
  });
});

describe("networks", () => {
  test("there is one called default when none is declared", () => {
    expect(networksOf({ folder: "/", services })).toEqual({ default: {} });
    expect(networksOf({ folder: "/", services, networks: {} })).toEqual({ default: {} });
  });

  test("a service joins default, else the first declared, else what it says", () => {
    const image = "redis:7";
    const spec = { folder: "/", services, networks: { back: {}, front: {} } };
    expect(attachmentsOf({ image }, { folder: "/", services })).toEqual({ default: {} });
    expect(attachmentsOf({ image }, spec)).toEqual({ back: {} });
    expect(attachmentsOf({ image, networks: { front: { aliases: ["w"] } } }, spec)).toEqual({
      front: { aliases: ["w"] },
    });
  });
});

describe("volumeDriver", () => {
  test("a shared volume is a bind of its folder on the share", () => {
    expect(volumeDriver({ shared: true }, "/mnt/share/demo/data")).toEqual({
      driver: "local",
      driverOptions: { type: "none", o: "bind", device: "/mnt/share/demo/data" },
    });
  });
  test("others keep their driver and options", () => {
    expect(volumeDriver({}, "")).toEqual({ driver: "local", driverOptions: {} });
    expect(volumeDriver({ driver: "rexray", driverOptions: { size: "10" } }, "")).toEqual({
      driver: "rexray",
      driverOptions: { size: "10" },
    });
  });
});
