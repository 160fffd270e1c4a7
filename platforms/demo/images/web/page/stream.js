// The api's stream of events, connected again whenever it breaks.

const PAUSES = [500, 1000, 2000, 3000];
const SILENCE_MS = 9000;

/** Calls `on.hello`, `on.job`, `on.state`, `on.away` with data, and `on.lost` when nothing comes. */
export function listen(url, on) {
  let source;
  let tries = 0;
  let watchdog;

  const again = () => {
    clearTimeout(watchdog);
    source.close();
    on.lost();
    setTimeout(connect, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
  };
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(again, SILENCE_MS);
  };
  const connect = () => {
    source = new EventSource(url);
    heard();
    for (const event of ["hello", "job", "state", "away"]) {
      source.addEventListener(event, (message) => {
        heard();
        tries = 0;
        on[event](JSON.parse(message.data));
      });
    }
    source.onerror = again;
  };
  connect();
}

/** Sends JSON; an error's text says what to do about it. */
export async function post(url, body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  if (!response?.ok) throw new Error(answer?.error ?? "The page's server does not answer.");
  return answer;
}
