/** Log settings of every container that the program makes on this machine: at most 20 MB each. */
export const containerLogs = {
  logDriver: "json-file",
  logOpts: { "max-file": "2", "max-size": "10m" },
} as const;
