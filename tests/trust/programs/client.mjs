// Asks an address all the time, each time on a new connection, until its standard input ends; then it prints how
// that went. A process of its own: what breaks hosts blocks the one that runs the tests.
import http from "node:http";

const [url = "", everyMs = "100", timeoutMs = "20000"] = process.argv.slice(2);
const started = Date.now();
const failures = [];
let sent = 0;

function ask() {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(Number(timeoutMs));
    const request = http.get(url, { agent: false, signal }, (response) => {
      response.resume();
      response.on("error", (error) => resolve(error.message));
      response.on("end", () =>
        resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`),
      );
    });
    request.on("error", (error) =>
      resolve(signal.aborted ? `no answer in ${timeoutMs} ms` : error.message),
    );
  });
}

let stopped = false;
process.stdin.on("end", () => {
  stopped = true;
});
process.stdin.resume();
while (!stopped) {
  const asked = Date.now();
  sent += 1;
  const problem = await ask();
  if (problem !== undefined)
    failures.push(`${((asked - started) / 1000).toFixed(1)} s: ${problem}`);
  await new Promise((resolve) => setTimeout(resolve, Number(everyMs)));
}
console.log(JSON.stringify({ sent, failed: failures.length, failures }));
