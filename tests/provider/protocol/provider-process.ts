import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";

/** The program that the Pulumi engine starts. */
export const PROGRAM = resolve(__dirname, "../../../components/provider/bin/pulumi-resource-swarm");

/** The provider as a process, and a client that speaks to it as the Pulumi engine does. */
export interface Running {
  readonly process: ChildProcess;
  readonly client: ResourceProviderClient;
}

/** Starts the provider and reads its port, as the Pulumi engine does. */
export async function start(): Promise<Running> {
  const child = spawn(PROGRAM, [], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const address = `127.0.0.1:${line.toString().trim()}`;
  const client = new ResourceProviderClient(address, grpc.credentials.createInsecure());
  return { process: child, client };
}

/** One call as a promise; the error is gRPC's. */
export function call<Q, A>(
  method: (request: Q, done: (error: grpc.ServiceError | null, answer: A) => void) => unknown,
  request: Q,
): Promise<A> {
  return new Promise((done, fail) => {
    method(request, (error, answer) => (error ? fail(error) : done(answer)));
  });
}
