import { matching, text } from "../fields/rules";
import * as t from "../fields/types";

const containerPath = matching(/^\/./, "an absolute path in the container such as `/data`");

/** The Engine API has lists of options, of which each is a name and maybe a value. */
const executable = t
  .flag()
  .to("Options")
  .by({
    encode: (value) => (value === true ? [["exec"]] : undefined),
    decode: (live) => JSON.stringify(live).includes('["exec"]'),
  });

const inVolume = {
  /** Leaves a new volume empty instead of copying what the image has at that path. @default false */
  noCopy: t.flag().to("NoCopy"),
  /** Labels of a volume that is created for the mount. @default none @example { backup: daily } */
  labels: t.texts().to("Labels"),
  /** Folder in the volume that is mounted; it must exist. @default the whole volume @example site/public */
  subpath: t
    .text(matching(/^[^/]/, "a path in the volume such as `site/public`"))
    .to("Subpath")
    .since("26", 45),
};

const mountOptions = {
  /** What is mounted; `npipe` is for Windows, `cluster` for CSI volumes. */
  type: t
    .oneOf("volume", "bind", "tmpfs", "npipe", "cluster")
    .wordSince("cluster", "23", 42)
    .to("Type")
    .required(),
  /** Name of the volume (in a platform: its key), path on the node, or nothing for tmpfs. @default none @example data */
  source: t.text(text("the key of a volume, or a path on the node")).to("Source"),
  /** @default false */
  readOnly: t.flag().to("ReadOnly"),
};

const otherOptions = {
  /** Options of a bind mount. @default none */
  bind: t
    .record({
      /** How later mounts below it pass between node and container. @default rprivate */
      propagation: t
        .oneOf("private", "rprivate", "shared", "rshared", "slave", "rslave")
        .unless("rprivate")
        .to("Propagation"),
      /** Makes the folder on the node when there is none. @default false */
      create: t.flag().to("CreateMountpoint").since("25", 44),
      /** Leaves out what is mounted below the folder. @default false */
      nonRecursive: t.flag().to("NonRecursive"),
      /** Keeps what is mounted below the folder writable in a read-only mount. @default false */
      readOnlyNonRecursive: t.flag().to("ReadOnlyNonRecursive").since("25", 44),
      /** Fails when the kernel cannot make what is mounted below the folder read-only. @default false */
      readOnlyForceRecursive: t.flag().to("ReadOnlyForceRecursive").since("25", 44),
    })
    .to("BindOptions"),
  /** Options of a tmpfs. @default none */
  tmpfs: t
    .record({
      /** Maximum size. @default half of the node's memory @example 64MiB */
      size: t.size().to("SizeBytes"),
      /** Permissions as in chmod: octal text, or its number. @default 0o1777 @example "1777" */
      mode: t.permissions().unless(0).to("Mode"),
      /** Whether programs in it may be started. @default false */
      exec: executable.since("27", 46),
    })
    .to("TmpfsOptions"),
};

/** What is mounted at one path of the container. */
export const mount = t.record({
  ...mountOptions,
  /** Options of a volume; swarm creates it on the node where the task lands. @default none */
  volume: t
    .record({
      ...inVolume,
      /** Driver that makes the volume. @default local */
      driver: t.text().to("DriverConfig.Name"),
      /** Options of the driver. @default none */
      driverOptions: t.texts().to("DriverConfig.Options"),
    })
    .to("VolumeOptions"),
  ...otherOptions,
});

/** A mount of a platform's service: its volume says which driver makes it. */
export const mountSpec = t.record({
  ...mountOptions,
  /** Options of a volume. @default none */
  volume: t.record(inVolume),
  ...otherOptions,
});

/** A secret or config as a file in the container. */
function fileOf(name: "SecretName" | "ConfigName") {
  const id = matching(/^\d+$/, 'a numeric id such as `"1000"`');
  return t.record({
    /** Name of the secret or config; in a platform: its key. @example password */
    source: t
      .text(matching(/./, "the key of one of the platform's secrets or configs"))
      .to(name)
      .required(),
    /** Owner of the file. @default "0" @example "1000" */
    uid: t.loose(id).states("0").to("File.UID"),
    /** Group of the file. @default "0" @example "1000" */
    gid: t.loose(id).states("0").to("File.GID"),
    /** Permissions as in chmod: octal text, or its number. @default 0o444 @example "0400" */
    mode: t.permissions().states(0o444).to("File.Mode"),
  });
}

const fileList = { asList: t.keyAt("File.Name") };

/** Files and folders that tasks find in their containers. */
export const mountFields = {
  /** Path in the container to its mount. @default none @example { /data: { type: volume, source: data } } */
  mounts: t
    .map(mount, {
      keys: containerPath,
      allowed: "a map of path to mount",
      asList: t.keyAt("Target"),
    })
    .to("TaskTemplate.ContainerSpec.Mounts"),
  /** File name (below /run/secrets) or absolute path to secret. @default none @example { password: { source: password } } */
  secrets: t
    .map(fileOf("SecretName"), { allowed: "a map of file to secret", ...fileList })
    .to("TaskTemplate.ContainerSpec.Secrets"),
  /** File (below `/`, or an absolute path) to config. @default none @example { /etc/app.json: { source: settings } } */
  configs: t
    .map(fileOf("ConfigName"), { allowed: "a map of path to config", ...fileList })
    .to("TaskTemplate.ContainerSpec.Configs"),
};

/** The mounts of a platform's service. */
export const mountSpecs = t.map(mountSpec, {
  keys: containerPath,
  allowed: "a map of path to mount",
});
