/** Something that the person at the keyboard can put right: one sentence, and what to type. */
export class Failure extends Error {
  public override readonly name = "Failure";

  /**
   * @param sentence what is wrong
   * @param remedy what to do about it, usually a command
   */
  constructor(
    public readonly sentence: string,
    public readonly remedy?: string,
  ) {
    super(remedy === undefined ? sentence : `${sentence}\n${remedy}`);
  }
}

/** A command that ended with this status has said itself what is wrong. */
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
