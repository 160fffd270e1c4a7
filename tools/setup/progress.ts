/** Where progress goes, and the clock; tests inject their own. */
export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Say something after this many silent milliseconds. @default 8000 */
  readonly quietMs?: number;
}

interface Activity {
  readonly what: string;
  readonly began: number;
}

/** Plain lines of progress, without long silences while work is running. */
export class Progress {
  private readonly activities = new Set<Activity>();
  private readonly now: () => number;
  private readonly quietMs: number;
  private lastPrinted: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ProgressOptions) {
    this.now = options.now ?? Date.now;
    this.quietMs = options.quietMs ?? 8_000;
    this.lastPrinted = this.now();
  }

  /** Prints a line. */
  line(text: string): void {
    this.options.write(`${text}\n`);
    this.touch();
  }

  /** Records that something else was printed. */
  touch(): void {
    this.lastPrinted = this.now();
  }

  /** Runs some work; prints "… still <what>, 40s" whenever nothing was printed for a while. */
  async during<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.activities.size === 0) {
      this.touch();
    }
    const activity = { what, began: this.now() };
    this.activities.add(activity);
    this.timer ??= setInterval(() => this.tick(), 500);
    try {
      return await work();
    } finally {
      this.activities.delete(activity);
      if (this.activities.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    }
  }

  private tick(): void {
    if (this.now() - this.lastPrinted < this.quietMs) {
      return;
    }
    const still = [...this.activities].map(
      ({ what, began }) => `${what}, ${Math.round((this.now() - began) / 1000)}s`,
    );
    this.line(`… still ${still.join("; ")}`);
  }
}
