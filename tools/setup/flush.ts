/**
 * Waits until all that was written to standard output and error has left this process: what still
 * waits for a slow reader would be lost when it exits.
 */
export async function flushed(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(written));
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // A reader that is gone reads nothing more.
    stream.once("error", () => resolve());
    stream.write("", () => resolve());
  });
}
