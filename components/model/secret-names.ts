// What such a name stands for belongs to nobody else; the name of a file does not.
const SECRET =
  /(^|[-_])(pass|password|passwd|passphrase|pwd|secrets?|tokens?|cred|credentials?|(private|secret|access|api)[-_]?key)([-_](?!(?:file|path)$)|$)/i;

/**
 * Whether a name of a variable or a setting says that its value is a secret.
 *
 * @example
 * isSecretName("POSTGRES_PASSWORD"); // true
 * isSecretName("POSTGRES_PASSWORD_FILE"); // false
 */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}
