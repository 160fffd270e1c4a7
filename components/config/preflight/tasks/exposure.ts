import type { ServicePlan } from "../../../model/platform/plan";
import type { Finding, Keys } from "../../../model/problem";
import { platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";

/** What gives a service the node itself, or a large part of it. */
export const warnExposure: Check = ({ drafts }) =>
  drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]) =>
      [...binds(spec), ...capabilities(spec), ...confinement(spec), ...hostNetwork(spec)].map(
        ({ keys, ...about }) => platformProblem(draft, ["services", service, ...keys], about),
      ),
    ),
  );

const SOCKET = /^(\/var)?\/run\/(docker|containerd\/containerd)\.sock$/;
const ALWAYS = /^\/$|^\/(root|run|var\/run|var\/lib\/(docker|containerd))\/?$/;
const WRITABLE = /^\/(bin|boot|dev|etc|lib|lib64|proc|sbin|sys|usr|var)(\/|$)/;
const SHARED = ["shared", "rshared"];

function binds({ mounts = {} }: ServicePlan): readonly Finding[] {
  return Object.entries(mounts).flatMap(([target, mount]) => {
    if (mount.type !== "bind" || mount.source === undefined) return [];
    const { source, readOnly = false, bind } = mount;
    const keys = ["mounts", target];
    const findings: Finding[] = [];
    if (SOCKET.test(source)) {
      const found = `${source}: who may use it is root on the node${readOnly ? ", read-only or not" : ""}`;
      const allowed = "no socket of the node's Docker engine";
      const fix = "a proxy that passes on only the calls which the service needs";
      findings.push({ keys: [...keys, "source"], found, allowed, fix });
    } else if (ALWAYS.test(source) || (!readOnly && WRITABLE.test(source))) {
      const found = `${source}, a folder of the node's system${readOnly ? "" : ", writable"}`;
      const allowed = "a volume, or a folder of your own";
      const fix =
        readOnly || ALWAYS.test(source) ? "the one file that is needed" : "`readOnly: true`";
      findings.push({ keys: [...keys, "source"], found, allowed, fix });
    }
    const propagation = bind?.propagation;
    if (propagation !== undefined && SHARED.includes(propagation)) {
      const found = `${propagation}: what the container mounts appears on the node`;
      const fix = "`propagation: rslave`";
      const allowed = "private, rprivate, slave, rslave";
      findings.push({ keys: [...keys, "bind", "propagation"], found, allowed, fix });
    }
    return findings;
  });
}

/** What each lets a container do to its node. */
const powers: { readonly [capability: string]: string } = {
  ALL: "everything that root may do on the node",
  SYS_ADMIN: "mounting the node's disks, and so root on the node",
  SYS_MODULE: "loading code into the node's kernel",
  SYS_RAWIO: "reading and writing the node's memory",
  SYS_PTRACE: "reading the memory of other programs",
  DAC_READ_SEARCH: "reading any file of the node",
  BPF: "running code in the node's kernel",
};

function capabilities({ capAdd = [] }: ServicePlan): readonly Finding[] {
  return capAdd.flatMap((capability, index) => {
    const power = powers[capability.toUpperCase().replace(/^CAP_/, "")];
    if (power === undefined) return [];
    const found = `${capability}: ${power}`;
    const allowed = "the capabilities that the program needs";
    return [{ keys: ["capAdd", index], found, allowed, fix: "remove it, or take a narrower one" }];
  });
}

function confinement({ privileges }: ServicePlan): readonly Finding[] {
  const off = (keys: Keys, found: string, fix: string): Finding => {
    return { keys: ["privileges", ...keys], found, allowed: "the Docker engine's profile", fix };
  };
  return [
    ...(privileges?.seccomp?.mode === "unconfined"
      ? [off(["seccomp", "mode"], "unconfined: every system call is open", "`mode: custom`")]
      : []),
    ...(privileges?.appArmor?.mode === "disabled"
      ? [off(["appArmor", "mode"], "disabled: no file of the kernel is closed", "`mode: default`")]
      : []),
  ];
}

function hostNetwork({ networks }: ServicePlan): readonly Finding[] {
  return Object.entries(networks).flatMap(([key, { name }]) => {
    if (name !== "host") return [];
    const found =
      "the network host: its programs reach the ports of the swarm, and in a cloud the rights of the machine";
    const fix = "an overlay network, with `ports` for what others have to reach";
    return [{ keys: ["networks", key], found, allowed: "an overlay network", fix }];
  });
}
