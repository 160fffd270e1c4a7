/**
 * Splits a command as a shell does: quotes are honoured, `#` begins a comment, and nothing is expanded.
 * Undefined when a quote is open.
 */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (quote === "'" && letter !== "'") word += letter;
    else if (letter === "\\" && quote !== "'") {
      at += 1;
      // A backslash at the end of a line joins it with the next one.
      if (text[at] !== "\n") word = (word ?? "") + (text[at] ?? "");
    } else if (letter === quote) quote = undefined;
    else if (quote !== undefined) word += letter;
    else if (letter === "'" || letter === '"') {
      quote = letter;
      word ??= "";
    } else if (/[ \t\r\n]/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (letter === "#" && word === undefined) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
    } else word = (word ?? "") + letter;
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}
