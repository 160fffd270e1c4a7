/** Something that the user can fix: one sentence, and the fix. */
export class Failure extends Error {
  public override readonly name = "Failure";

  /**
   * @param sentence what is wrong
   * @param remedy the fix, usually a command
   */
  constructor(
    public readonly sentence: string,
    public readonly remedy?: string,
  ) {
    super(remedy === undefined ? sentence : `${sentence}\n${remedy}`);
  }
}

/** A command that ended with this status has already printed what is wrong. */
export class Exit extends Error {
  public override readonly name = "Exit";

  constructor(public readonly status: number) {
    super(`exit status ${status}`);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
