import { describe, expect, test } from "vitest";
import { chooseAddresses } from "../../components/config/environment/choice";
import { localSubnets, portOffsets } from "../../components/config/environment/defaults";
import { overlap } from "../../components/model/addresses/subnets";

const nothing = { subnets: [], offsets: [] };

describe("what a new environment takes", () => {
  test("is what its name gives while that is free", () => {
    expect(chooseAddresses("local", nothing)).toEqual({ subnet: "10.98.0.0/16", portOffset: 0 });
    expect(chooseAddresses("staging", nothing)).toEqual({
      subnet: "10.98.0.0/16",
      portOffset: 3000,
    });
  });

  test("is the next that is free where another environment or network has it", () => {
    const taken = { subnets: ["10.98.0.0/16", "10.99.128.0/20"], offsets: [3000, 4000] };
    expect(chooseAddresses("staging", taken)).toEqual({
      subnet: "10.100.0.0/16",
      portOffset: 5000,
    });
  });

  test("starts again at the beginning of its range", () => {
    const [first = "", ...rest] = localSubnets("staging");
    const last = rest.at(-1) ?? "";
    const all = [first, ...rest];
    expect(new Set(all).size).toBe(64);
    expect(new Set(portOffsets("staging")).size).toBe(19);
    const taken = { subnets: all.filter((one) => one !== last), offsets: [] };
    expect(chooseAddresses("staging", taken).subnet).toBe(last);
  });

  test("is again what its name gives when nothing is free", () => {
    const taken = { subnets: ["10.0.0.0/8"], offsets: portOffsets("staging") };
    expect(chooseAddresses("staging", taken)).toEqual(chooseAddresses("staging", nothing));
  });

  test("never collides for as many environments as there are networks", () => {
    const chosen: { subnet: string; portOffset: number }[] = [];
    for (let n = 0; n < 64; n++) {
      chosen.push(
        chooseAddresses(`env${n}`, {
          subnets: chosen.map(({ subnet }) => subnet),
          offsets: chosen.map(({ portOffset }) => portOffset),
        }),
      );
    }
    const subnets = chosen.map(({ subnet }) => subnet);
    expect(new Set(subnets).size).toBe(64);
    expect(overlap(subnets[0] ?? "", subnets[1] ?? "")).toBe(false);
    expect(new Set(chosen.slice(0, 19).map(({ portOffset }) => portOffset)).size).toBe(19);
  });
});
