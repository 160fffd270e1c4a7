import { setTimeout as sleep } from "node:timers/promises";

/** A job as the page's own address lists it. */
export interface Job {
  readonly id: string;
  readonly finishedAt?: number | string;
  readonly agentNode?: string;
  readonly modelNode?: string;
}

/** Fetches JSON from the demo, until it answers or the time is up. */
export async function getJson<T>(url: string, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
      if (answer.ok) return (await answer.json()) as T;
      if (Date.now() > end) throw new Error(`${url} answered ${answer.status}`);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(500);
  }
}

/** Waits for a job that ended after `since`. */
export async function jobEndedAfter(url: string, since: number, seconds = 60): Promise<Job> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const answer = await getJson<Job[] | { jobs: Job[] }>(`${url}api/jobs?limit=20`);
    const jobs = Array.isArray(answer) ? answer : answer.jobs;
    const found = jobs.find((job) => endOf(job) > since);
    if (found !== undefined) return found;
    await sleep(500);
  }
  throw new Error(`no job ended within ${seconds} s at ${url}`);
}

function endOf({ finishedAt }: Job): number {
  if (finishedAt === undefined || finishedAt === null) return 0;
  const time = typeof finishedAt === "number" ? finishedAt : Date.parse(finishedAt);
  // Seconds or milliseconds since the epoch.
  return time < 1e11 ? time * 1000 : time;
}
