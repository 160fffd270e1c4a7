import { checked } from "../fields/rules";
import * as t from "../fields/types";

const json = checked("a seccomp profile as JSON", (value) => {
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return { found: "text that is not JSON", fix: "the content of a profile's file" };
  }
});

/** The Engine API has it in base64. */
const profile = t.text(json).by({
  encode: (value) => Buffer.from(String(value)).toString("base64"),
  decode: (live) => Buffer.from(String(live), "base64").toString(),
});

/** What the process of a container may do beyond its user and capabilities. */
export const privileges = t.record({
  /** Keeps the process from gaining rights, for example through setuid programs. @default false */
  noNewPrivileges: t.flag().to("NoNewPrivileges").since("25", 44),
  /** Filter of system calls. @default the Docker engine's profile */
  seccomp: t
    .record({
      /** `custom` takes `profile`. @default default */
      mode: t.oneOf("default", "unconfined", "custom").unless("default").to("Mode"),
      /** The profile itself, as JSON, for mode custom. @default none @example '{"defaultAction":"SCMP_ACT_ALLOW"}' */
      profile: profile.to("Profile"),
    })
    .to("Seccomp")
    .since("25", 44),
  /** AppArmor's confinement. @default the Docker engine's profile */
  appArmor: t
    .record({
      /** @default default */
      mode: t.oneOf("default", "disabled").unless("default").to("Mode"),
    })
    .to("AppArmor")
    .since("25", 44),
  /** SELinux labels of the process. @default the Docker engine's */
  selinuxContext: t
    .record({
      /** Runs the process without SELinux labels. @default false */
      disable: t.flag().to("Disable"),
      /** @default none @example system_u */
      user: t.text().to("User"),
      /** @default none @example system_r */
      role: t.text().to("Role"),
      /** @default none @example container_t */
      type: t.text().to("Type"),
      /** @default none @example s0 */
      level: t.text().to("Level"),
    })
    .to("SELinuxContext"),
  /** A Windows account (gMSA); one of the three sources. @default none */
  credentialSpec: t
    .record({
      /** Id of a swarm config with the specification. @default none */
      config: t.text().to("Config"),
      /** File in Docker's folder CredentialSpecs on the node. @default none @example spec.json */
      file: t.text().to("File"),
      /** Value in the node's registry. @default none @example my-spec */
      registry: t.text().to("Registry"),
    })
    .to("CredentialSpec"),
});
