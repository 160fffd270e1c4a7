/** Form of a key of Pulumi config, without its namespace: `apiToken`, `2fa.seed`. */
export const CONFIG_KEY = /^[A-Za-z0-9][\w.-]*$/;
