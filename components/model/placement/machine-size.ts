/** What a machine has. */
export interface MachineSize {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** As a Docker engine reports it, such as `x86_64`. */
  readonly architecture: string;
}
