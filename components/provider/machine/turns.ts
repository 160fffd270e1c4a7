/**
 * Lets work happen one after another, and ends with the first that fails: what waits then is not begun, because what
 * broke one machine would break the next one too.
 */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private failed: string | undefined;

  /**
   * @param name what a later message calls it
   * @throws what `work` throws, or Error when work before it failed
   */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(() => {
      if (this.failed === undefined) return work();
      throw new Error(`not begun, because ${this.failed} failed: fix that, then run this again`);
    });
    this.last = turn.catch(() => {
      this.failed ??= name;
    });
    return await turn;
  }
}
