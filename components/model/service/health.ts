import { durationThat, list, text, whole } from "../fields/rules";
import * as t from "../fields/types";

const example = 'a list such as `["CMD", "redis-cli", "ping"]`';

const test = list(text(), example).check(({ value, issues }) => {
  const [first] = value;
  if (typeof first !== "string" || ["NONE", "CMD", "CMD-SHELL"].includes(first)) return;
  const message = '["CMD", ...], ["CMD-SHELL", "..."] or ["NONE"]';
  const params = { found: `a list that starts with ${JSON.stringify(first)}` };
  issues.push({
    code: "custom",
    input: value,
    message,
    params: { ...params, fix: `["CMD", ...]` },
  });
});

/** The Docker engine accepts 0 or at least a millisecond. */
const watchTime = () =>
  t.duration(durationThat((ns) => ns === 0 || ns >= 1e6, "; the shortest is 1ms")).unless("0s");

/** Healthcheck of a container. */
export const healthcheck = t.record({
  /** `["CMD", "redis-cli", "ping"]`, `["CMD-SHELL", "…"]` or `["NONE"]` to switch an image's check off. @default the image's @example ["CMD", "redis-cli", "ping"] */
  test: t.list(t.text(), example).by({ rule: test, written: test }).to("Test"),
  /** Time between two checks. @default the image's, or 30s @example 10s */
  interval: watchTime().to("Interval"),
  /** How long one check may take. @default the image's, or 30s @example 5s */
  timeout: watchTime().to("Timeout"),
  /** Checks that must fail one after the other. @default the image's, or 3 */
  retries: t
    .number(whole(0, 1000, 3))
    .unless(0)
    .to("Retries"),
  /** Time after the start in which failures do not count. @default the image's, or 0s @example 20s */
  startPeriod: watchTime().to("StartPeriod"),
  /** Time between two checks during `startPeriod`. @default the image's, or 5s @example 1s */
  startInterval: watchTime().to("StartInterval").since("25", 44),
});
