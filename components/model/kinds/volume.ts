import type { Checked } from "../fields/field";
import { matching } from "../fields/rules";
import * as t from "../fields/types";

/** A volume on the Docker engine of one host. */
export const volumeFields = {
  /** Host whose Docker engine gets the volume. */
  node: t.text(matching(/./, "the name of a host")).required(),
  /** Name on that host. @example blue_data */
  name: t
    .text(matching(/^[A-Za-z0-9][\w.-]+$/, "two or more letters, digits, _ . and -"))
    .required(),
  /** Volume driver. @default local */
  driver: t.text(matching(/./, "a volume driver such as `local`")).filled("local"),
  /** Options of the driver. @default {} @example { type: tmpfs, device: tmpfs } */
  driverOptions: t.texts().filled({}),
  /** @default {} */
  labels: t.texts().filled({}),
  /** What happens to the volume (and its data) when the resource is deleted. */
  onDelete: t.oneOf("keep", "remove").required(),
};

export type VolumeInputs = Checked<typeof volumeFields>;
