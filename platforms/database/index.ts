import type { PlatformSpec } from "../../components/model/platform/spec";

/**
 * An example of a database whose password rotates: PostgreSQL, and a program that uses it.
 *
 * To rotate, give `password` another `rotate`. PostgreSQL takes the new password over when it starts with
 * it. The program restarts before that, and tries the new one, then the one before.
 * docs/rotation.md explains each step.
 */
export const platform: PlatformSpec = {
  folder: __dirname,
  images: { postgres: { context: "postgres" } },
  volumes: { data: {} },
  secrets: {
    password: { random: 32, rotate: "1" },
    previous: { previous: "password" },
  },
  configs: { client: { file: "client.sh" } },
  services: {
    postgres: {
      image: { build: "postgres" },
      // The volume is on one node, and only one PostgreSQL may use it.
      placement: { constraints: ["node.labels.db == true"] },
      update: { order: "stop-first", failureAction: "pause" },
      mounts: { "/var/lib/postgresql/data": { type: "volume", source: "data" } },
      secrets: { password: { source: "password" } },
      healthcheck: {
        // cspell:ignore isready
        test: ["CMD-SHELL", "pg_isready --quiet --host 127.0.0.1 --username app"],
        interval: "2s",
        startPeriod: "30s",
      },
      stopGracePeriod: "30s",
      // When PostgreSQL takes a new password, its programs know it already, and the one before too.
      dependsOn: { client: "started" },
    },
    client: {
      image: { build: "postgres" },
      entrypoint: ["sh", "/client.sh"],
      init: true,
      stopGracePeriod: "1s",
      configs: { "/client.sh": { source: "client" } },
      secrets: { password: { source: "password" }, previous: { source: "previous" } },
    },
  },
};
