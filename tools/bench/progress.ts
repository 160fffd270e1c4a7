/** Takes a line of progress. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs some work and says every 10 seconds that it is still running. */
export async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const timer = setInterval(() => {
    say(`… still ${what}, ${Math.round((Date.now() - began) / 1000)}s`);
  }, 10_000);
  return await work().finally(() => clearInterval(timer));
}
