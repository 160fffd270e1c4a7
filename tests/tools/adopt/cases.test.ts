import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import type { WireAttachment, WireSpec } from "../../../components/model/service/wire";
import { inexact, refusedParts } from "../../../tools/adopt/exact";
import type { Live } from "../../../tools/adopt/live";
import { platformsOf } from "../../../tools/adopt/platforms";
import { casesFolder } from "../../compose/cases";
import { liveOf, networkOf, serviceOf } from "./a-swarm";

interface Post {
  readonly post: string;
  readonly body: WireSpec & {
    readonly Name: string;
    readonly Labels?: Live["networks"][0]["Labels"];
  };
}

/** The swarm after `docker stack deploy` of a case. */
function deployed(posts: readonly Post[]): Live {
  const of = (kind: string) => posts.flatMap(({ post, body }) => (post === kind ? [body] : []));
  const services = of("/services/create").map((body) => serviceOf(body));
  const joined = services.flatMap(({ Spec }) => Spec.TaskTemplate?.Networks ?? []);
  const targets = [...new Set(joined.map(({ Target = "" }: WireAttachment) => Target))];
  const made = of("/networks/create").map((body, index) => {
    const IPAM = { Config: [{ Subnet: `10.0.${index + 1}.0/24` }] };
    return { ...networkOf(body.Name), ...body, Id: body.Name, IPAM };
  });
  const known = made.map(({ Name }) => Name);
  const hand = targets
    .filter((name) => !known.includes(name))
    .map((name, index) =>
      networkOf(name, { Id: name, IPAM: { Config: [{ Subnet: `10.1.${index}.0/24` }] } }),
    );
  return liveOf({ services, networks: [...made, ...hand] as Live["networks"] });
}

const goldens = casesFolder === undefined ? [] : fs.readdirSync(path.join(casesFolder, "expected"));
const cases = goldens.filter((name) => name.endsWith(".deploy.json"));

/** A Docker engine shows its own choice for a word that was sent empty. */
function shown(key: string, value: unknown): unknown {
  return value === "" && ["Order", "PublishMode"].includes(key) ? undefined : value;
}

/** What Docker takes of the cases and a platform does not. */
const unsaid: { readonly [id: string]: readonly string[] } = {
  "cli-named-resources": [
    refused("services.web.mounts.volume1", "a map of path to mount"),
    refused("services.web.mounts.volume2", "a map of path to mount"),
  ],
  "openwebui-gpu": [
    refused("services.chromadb.ports.0.mode", "ingress, host"),
    refused(
      "services.ollama.resources.reservations.generic.NVIDIA-GPU",
      "a whole number of at least 1, such as `1`",
    ),
    refused("services.ollama.ports.0.mode", "ingress, host"),
    refused("services.openWebUI.ports.0.mode", "ingress, host"),
  ],
  "syn-yaml-types": [
    refused(
      "services.a.configs.c2.mode",
      'permissions as in chmod up to "7777", in quotes or as 0o7777',
    ),
  ],
};

function refused(place: string, allowed: string): string {
  return `platforms/st: ${place} is not allowed there (${allowed}); a preview refuses it until you correct it`;
}

describe.skipIf(cases.length === 0)("what `docker stack deploy` made of the shared cases", () => {
  test.each(cases)("%s becomes platforms that give the same services", (file) => {
    const text = fs.readFileSync(path.join(casesFolder ?? "", "expected", file), "utf8");
    const live = deployed(JSON.parse(text, shown));
    const { platforms, notes } = platformsOf(live);
    expect(platforms.flatMap(({ services }) => Object.values(services)).sort()).toEqual(
      live.services.map(({ Spec }) => Spec.Name).sort(),
    );
    const id = file.replace(".deploy.json", "");
    expect([...notes, ...refusedParts(platforms), ...inexact(live, platforms)]).toEqual(
      unsaid[id] ?? [],
    );
  });
});
