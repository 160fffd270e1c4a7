import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { cause } from "../../engine/errors";
import { Operations } from "./operations";
import { EngineLog } from "./pulumi-log";
import { resourceProvider } from "./server";

/** Longest wait for stopped operations to answer. */
const GRACE_MS = 600;

/** How often to check that the parent process still runs. */
const PARENT_POLL_MS = 250;

const log = new EngineLog();
const operations = new Operations(log);
let stopping = false;

function stop(reason: string): void {
  if (stopping) return;
  stopping = true;
  // The last answers still have to leave the process, on a busy machine too.
  const leave = () => setTimeout(() => process.exit(0), 200);
  operations.stop(reason, GRACE_MS).then(leave, leave);
}

function watchProcess(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      stop("the process that started the provider has ended");
    }
  }, PARENT_POLL_MS);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop(signal));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => undefined);
  }
  const report = (error: unknown) => {
    const trace = error instanceof Error ? error.stack : undefined;
    log.error(`internal error of the provider swarm: ${trace ?? cause(error)}`);
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}

function serve(): void {
  const unlimited = -1;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": unlimited,
    "grpc.max_send_message_length": unlimited,
  });
  const calls = resourceProvider(operations, log, stop);
  server.addService(ResourceProviderService, calls as grpc.UntypedServiceImplementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`the provider swarm cannot listen: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

watchProcess();
log.attach(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
serve();
