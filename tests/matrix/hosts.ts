import type { FileSettings } from "../../components/config/schema/file";
import type { Round } from "./case";

type Groups = FileSettings["hosts"]["groups"];

/** The machines of a round. Labels change; `resources` does so at the very end, since it recreates a host. */
export function groupsIn(round: Round, gpus = 2): Groups {
  const first = round === "first";
  return {
    head: { kind: "local", role: "manager", labels: ["head"], count: 1 },
    work: {
      role: "worker",
      names: ["work"],
      labels: { generic: "true", zone: first ? "a" : "b", ...(first ? { gone: "soon" } : {}) },
      resources: { "NVIDIA-GPU": gpus, FPGA: 1 },
      daemon: { "max-concurrent-downloads": 5 },
      only: ["matrix"],
    },
    idle: { labels: [] },
  };
}

/** Forms of a group that this matrix cannot bring to life, each with its reason. */
export const impossible: { readonly [form: string]: string } = {
  "kind = aws": "needs AWS",
  "kind = ssh": "needs machines that exist already",
  "engine = debian-12": "tests/trust/generations.test.ts has nodes of each",
  "engine = debian-13": "tests/trust/generations.test.ts has nodes of each",
  "engine = debian-sid": "tests/trust/generations.test.ts has nodes of each",
  advertise: "tests/trust/settings.test.ts chooses addresses",
  listen: "tests/trust/settings.test.ts chooses addresses",
  dataPath: "tests/trust/settings.test.ts chooses addresses",
};
