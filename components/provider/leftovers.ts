import { statusOf } from "../engine/errors";

/** Objects that are not in the state and were still in use when they were found. */
export class Leftovers {
  private readonly removals = new Map<string, () => Promise<unknown>>();

  /** Removes an object now, or keeps it for {@link removeAll} when the Docker engine refuses. */
  async remove(id: string, removal: () => Promise<unknown>): Promise<void> {
    try {
      await removal();
      this.removals.delete(id);
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      this.removals.set(id, removal);
    }
  }

  /** Tries again, for example after the services' tasks were replaced; what is still in use is kept. */
  async removeAll(): Promise<void> {
    for (const [id, removal] of [...this.removals]) {
      await this.remove(id, removal);
    }
  }
}
