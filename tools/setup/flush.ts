/**
 * Waits until everything written to standard output and error has left this process: output that
 * still waits for a slow reader would be lost at exit.
 */
export async function flushed(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(written));
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // A closed reader reads no more.
    stream.once("error", () => resolve());
    stream.write("", () => resolve());
  });
}
