import { nearest } from "../nearest";
import type { About } from "../problem";
import { describe } from "../problem";

// cspell:ignore tejl armhf armel
/** What `uname -m` says, which nodes report and `docker node inspect` shows. */
const REPORTED =
  "x86_64 aarch64 armv5l armv5tel armv5tejl armv6l armv7l armv8l i386 i486 i586 i686 mips mips64 ppc ppc64 ppc64le riscv32 riscv64 s390 s390x loongarch64".split(
    " ",
  );

/** The name that nodes report for one that images have. */
const ELSEWHERE: { readonly [name: string]: string } = {
  amd64: "x86_64",
  "x86-64": "x86_64",
  arm64: "aarch64",
  "arm64/v8": "aarch64",
  arm: "armv7l",
  "arm/v5": "armv5l",
  "arm/v6": "armv6l",
  "arm/v7": "armv7l",
  "arm/v8": "armv8l",
  armel: "armv6l",
  armhf: "armv7l",
  "386": "i686",
  loong64: "loongarch64",
};

/** Architectures of images, and other names that builders know them by. */
const BUILT =
  "amd64 arm64 arm 386 ppc64le s390x riscv64 mips64 mips64le loong64 x86_64 x86-64 aarch64 armhf armel i386 wasm".split(
    " ",
  );

/** The name that a node reports, where no node reports the one that is asked for. Pure. */
export function reportedName(architecture: string): string | undefined {
  const lower = architecture.toLowerCase();
  if (REPORTED.includes(lower)) return undefined;
  return ELSEWHERE[lower] ?? nearest(lower, REPORTED);
}

/** A platform of an image as the ones that `placement.platforms` takes: `linux/arm/v7` is `linux/armv7l`. Pure. */
export function nodePlatform(platform: string): string {
  const parts = platform.split("/");
  const [os = "", architecture = "", variant] = ["linux", "windows"].includes(parts[0] ?? "")
    ? parts
    : ["linux", ...parts];
  const isArm = ["arm", "armel", "armhf"].includes(architecture);
  const whole = variant === undefined ? architecture : `${architecture}/${variant}`;
  return `${os}/${isArm ? (ELSEWHERE[whole] ?? whole) : architecture}`;
}

/** What is wrong with a platform to build an image for; undefined when builders know it. Pure. */
export function wrongBuildPlatform(platform: string): Partial<About> | undefined {
  const [os = "", architecture = "", ...variant] = platform.split("/");
  if (BUILT.includes(architecture) && variant.every((one) => /^v\d+(\.\d+)?$/.test(one))) {
    return variant.length < 2 ? undefined : { fix: `\`${os}/${architecture}/${variant[0]}\`` };
  }
  const isBare = BUILT.includes(os);
  const near = isBare ? os : nearest(architecture, BUILT);
  if (near === undefined) return {};
  const rest = isBare ? [architecture, ...variant].filter((one) => one !== "") : variant;
  const meant = [isBare ? "linux" : os, near, ...rest.filter((one) => /^v\d/.test(one))].join("/");
  return { found: `${describe(platform)}, which no builder knows`, fix: `\`${meant}\`` };
}
