// How numbers read on the page. Pure.

/** `212 ms`, `1.4 s`, `3 min`. Clocks of two nodes may differ a little, so never below zero. */
export function duration(ms) {
  const time = Math.max(0, ms);
  if (time < 1000) return `${Math.round(time)} ms`;
  if (time < 10_000) return `${(time / 1000).toFixed(1)} s`;
  if (time < 60_000) return `${Math.round(time / 1000)} s`;
  return longTime(time / 1000);
}

/** `12 s`, `3 min`, `5 h`, `2 d`. */
export function longTime(seconds) {
  const time = Math.max(0, seconds);
  if (time < 60) return `${Math.floor(time)} s`;
  if (time < 3600) return `${Math.floor(time / 60)} min`;
  if (time < 172_800) return `${Math.floor(time / 3600)} h`;
  return `${Math.floor(time / 86_400)} d`;
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(count < 10_240 ? 1 : 0)} KB`;
  return `${(count / 1024 / 1024).toFixed(1)} MB`;
}

export function count(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** The middle of some numbers; undefined when there are none. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : mean(sorted[middle - 1], sorted[middle]);
}

function mean(a, b) {
  return a === undefined || b === undefined ? undefined : (a + b) / 2;
}

/** Sums of neighbours, so that one job a second or two draws a calm line. */
export function smooth(numbers, width) {
  return numbers.map((_, at) =>
    numbers.slice(Math.max(0, at - width + 1), at + 1).reduce((sum, number) => sum + number, 0),
  );
}

/** Path of a line through values, over a box; and the same closed at the bottom. */
export function sparkline(values, width, height) {
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, at) =>
      `${(at * step).toFixed(1)} ${(height - 2 - (value / top) * (height - 6)).toFixed(1)}`,
  );
  const line = `M${points.join("L")}`;
  return { line, area: `${line}L${width} ${height}L0 ${height}Z` };
}
