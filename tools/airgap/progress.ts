/** How often a running build says so, in milliseconds. */
const interval = 8000;

/** Formats a span of milliseconds as `45s` or `1m20s`. */
export function span(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${String(seconds % 60).padStart(2, "0")}s`;
}

/** Prints what is being built, at once and again and again, until it is stopped. */
export class Progress {
  private readonly running = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly log: (line: string) => void) {
    this.timer = setInterval(() => this.tell(), interval);
  }

  /** Marks a part as being built. */
  begin(title: string): void {
    this.running.set(title, Date.now());
    this.log(`building ${title} from Go modules …`);
  }

  /** Marks a part as done. */
  end(title: string): void {
    const began = this.running.get(title) ?? Date.now();
    this.running.delete(title);
    this.log(`built ${title} in ${span(Date.now() - began)}`);
  }

  /** Stops telling. */
  stop(): void {
    clearInterval(this.timer);
  }

  private tell(): void {
    const parts = [...this.running].map(
      ([title, began]) => `${title}, ${span(Date.now() - began)}`,
    );
    this.log(`building ${parts.join("; ")} …`);
  }
}
