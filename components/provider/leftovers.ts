import { statusOf } from "../engine/errors";

/** Objects that nothing in the state stands for and that services still used when they were found. */
export class Leftovers {
  private readonly removals = new Map<string, () => Promise<unknown>>();

  /** Removes an object at once, or keeps it for {@link removeAll} when the engine refuses. */
  async remove(id: string, removal: () => Promise<unknown>): Promise<void> {
    try {
      await removal();
      this.removals.delete(id);
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      this.removals.set(id, removal);
    }
  }

  /** Tries again, as when the services' tasks were exchanged; what is still used is kept. */
  async removeAll(): Promise<void> {
    for (const [id, removal] of [...this.removals]) {
      await this.remove(id, removal);
    }
  }
}
