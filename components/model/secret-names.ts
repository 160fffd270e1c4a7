// What such a variable says belongs to nobody else; the name of a file does not.
const VARIABLE =
  /(^|_)(PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRETS?|TOKENS?|CRED|CREDENTIALS?|(PRIVATE|SECRET|ACCESS|API)_?KEY)(_(?!FILE$|PATH$)|$)/i;
const SETTING = /(^|[-_])(token|password|passwd|secret|api-?key|access-?key)$/i;

/**
 * Whether a variable's name says that its value is a secret.
 *
 * @example
 * isSecretVariable("DB_PASSWORD"); // true
 * isSecretVariable("DB_PASSWORD_FILE"); // false
 */
export function isSecretVariable(name: string): boolean {
  return VARIABLE.test(name);
}

/**
 * The same of a setting's name, as log drivers and Docker engines have them.
 *
 * @example
 * isSecretSetting("splunk-token"); // true
 */
export function isSecretSetting(name: string): boolean {
  return SETTING.test(name);
}
