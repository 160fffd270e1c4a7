/**
 * Quotes any text as one word of a POSIX shell.
 *
 * @example quote("it's") // 'it'\''s'
 */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
