import { expect, test } from "vitest";
import { serviceBody } from "../../components/model/service/body";
import { normalise } from "../../components/model/service/normalise";
import { readChanged } from "../config/yard";

// This kernel has no NFS, so no volume is mounted here.
test("NFS options of a volume reach the Docker engine of every node that runs a task (nothing is mounted)", () => {
  const driverOptions = { type: "nfs", o: "addr=10.0.0.5,rw,hard", device: ":/exports/data" };
  const { environment, problems } = readChanged({
    spec: { volumes: { data: { shared: null, seed: null, driverOptions } } },
  });
  expect(problems).toEqual([]);
  const { mounts, image } = environment?.platforms[0]?.plan.services.redis ?? {};
  const inputs = normalise({ name: "app_redis", image, mounts });
  const names = { networks: {}, secrets: {}, configs: {}, labels: {} };
  const body = serviceBody(inputs, { image: "redis:7", ...names });
  expect(body.TaskTemplate?.ContainerSpec?.Mounts).toEqual([
    {
      Type: "volume",
      Source: "app_data",
      Target: "/data",
      VolumeOptions: {
        DriverConfig: { Name: "local", Options: driverOptions },
      },
    },
  ]);
});
