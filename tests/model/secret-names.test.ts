import { expect, test } from "vitest";
import { isSecretName } from "../../components/model/secret-names";

test.each([
  ["POSTGRES_PASSWORD", true],
  ["splunk-token", true],
  ["TOKEN_TTL", true],
  ["AWS_SECRET_ACCESS_KEY", true],
  ["apiKey", true],
  ["private-key", true],
  ["accesskey", true],
  ["PASSPHRASE", true],
  ["DB_PASSWORD_FILE", false],
  ["token-path", false],
  ["PASSWORD_FILE_MODE", true],
  ["COMPASS", false],
  ["tokenizer", false],
  ["KEYBOARD", false],
  ["log-opts", false],
])("%s is a secret: %s", (name, secret) => {
  expect(isSecretName(name)).toBe(secret);
});
