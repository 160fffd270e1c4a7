import { type About, type Keys, type Problem, pathText } from "../model/problem";
import { type At, placeText } from "./tree";

/** More than anyone reads; a broken file can have one on each of its lines. */
const MOST = 200;
const LONGEST = 300;

/** What a reader finds on its way; it only ever grows. */
export class Findings {
  public readonly problems: Problem[] = [];
  public readonly warnings: Problem[] = [];
  private readonly seen = new Set<string>();
  private readonly unread = new Set<string>();

  /** @param lenient what swarm cannot do is a warning instead of a problem */
  constructor(private readonly lenient: boolean) {}

  /** True when no more is taken, so that nothing needs to be worked out for it. */
  get full(): boolean {
    return this.problems.length >= MOST;
  }

  /** Something that is wrong however one looks at it. */
  wrong(at: At, keys: Keys, about: About): void {
    this.add(this.problems, at, keys, about);
  }

  /** A value that cannot be read, so that nothing else is said about that place. */
  unreadable(at: At, keys: Keys, about: About): void {
    this.wrong(at, keys, about);
    this.unread.add(placeText(at));
  }

  /** Something that swarm cannot do: a problem, or a warning on request. */
  impossible(at: At, keys: Keys, about: About): void {
    this.add(this.lenient ? this.warnings : this.problems, at, keys, about);
  }

  /** Something that works but is probably not meant. */
  warn(at: At, keys: Keys, about: About): void {
    this.add(this.warnings, at, keys, about);
  }

  private add(to: Problem[], at: At, keys: Keys, { found, allowed, fix }: About): void {
    if (to.length >= MOST) return;
    const line = placeText(at);
    const path = keys.length === 0 ? at.file : `${at.file}: ${pathText(keys)}`;
    // One line of a file can be used in many places, through aliases.
    const id = JSON.stringify([line, found, keys.at(-1)]);
    if (this.seen.has(id) || this.unread.has(line)) return;
    this.seen.add(id);
    to.push({ path, line, found: clipped(found), allowed: clipped(allowed), fix: clipped(fix) });
  }
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
