/** One reason why a machine cannot be used, and what to do about it. */
export interface Complaint {
  readonly found: string;
  readonly fix: string;
}
