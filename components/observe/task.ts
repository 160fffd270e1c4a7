import type { WireTemplate } from "../model/service/wire";

/** A task as an engine shows it. */
export interface LiveTask {
  readonly ID: string;
  readonly ServiceID?: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly CreatedAt?: string;
  readonly DesiredState?: string;
  readonly Status?: {
    readonly State?: string;
    readonly Timestamp?: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: {
      readonly ContainerID?: string;
      readonly ExitCode?: number;
    } | null;
  };
  readonly Spec?: WireTemplate;
  readonly JobIteration?: { readonly Index?: number } | null;
}
