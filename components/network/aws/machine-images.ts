import type { AwsHostSettings } from "../../config/environment/aws";

/** Ubuntu LTS that is taken by default; the newest for which there is a GPU image of each architecture. */
const UBUNTU = "24.04";

const gpuFamily = {
  ubuntu: { x86_64: `ubuntu-${UBUNTU}`, arm64: "ubuntu-22.04" },
  al2023: { x86_64: "amazon-linux-2023", arm64: "amazon-linux-2023" },
} as const;

/**
 * Public parameter with the newest image for a host: Ubuntu LTS or Amazon Linux 2023, and for
 * GPU types the Deep Learning Base image of the same family, which has driver and container toolkit.
 * Undefined when the settings name their own image.
 */
export function imageParameter(
  host: Pick<AwsHostSettings, "image" | "architecture" | "gpus">,
): string | undefined {
  const { image, architecture, gpus } = host;
  if (image !== "ubuntu" && image !== "al2023") return undefined;
  if (gpus > 0) {
    const family = gpuFamily[image][architecture];
    return `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-${family}/latest/ami-id`;
  }
  if (image === "al2023") {
    return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
  }
  const machine = architecture === "arm64" ? "arm64" : "amd64";
  return `/aws/service/canonical/ubuntu/server/${UBUNTU}/stable/current/${machine}/hvm/ebs-gp3/ami-id`;
}

/** Id of the image that a host's settings name themselves; undefined for one of a family. */
export function ownImage(host: Pick<AwsHostSettings, "image">): string | undefined {
  return host.image.startsWith("ami-") ? host.image : undefined;
}
