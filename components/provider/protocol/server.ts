import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { readConfiguration } from "../../engine/endpoints";
import { cause } from "../../engine/errors";
import { changesBetween, propertyPath } from "../../model/paths";
import { unwrap, wrap } from "./marshal";
import type { Operations } from "./operations";
import type { EngineLog } from "./pulumi-log";
import * as rpc from "./resource-calls";
import { checkFailures, diffResponse, reasonOf } from "./responses";

/** Version that the provider reports. */
export const VERSION = "0.1.0";

/** A handler that answers a call from a promise and lets no error escape. */
function unary<Q, A>(work: (request: Q) => Promise<A>): grpc.handleUnaryCall<Q, A> {
  return (call, answer) => {
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (response) => answer(null, response),
        (error) =>
          answer(
            error instanceof rpc.CallError
              ? error.status
              : { code: grpc.status.UNKNOWN, details: cause(error) },
          ),
      );
  };
}

/** The calls that the Pulumi engine makes, as one service of `@grpc/grpc-js`. */
export function resourceProvider(
  operations: Operations,
  log: EngineLog,
  stop: (reason: string) => void,
): Partial<IResourceProviderServer> {
  const inOperation = <Q, A>(work: (request: Q, operations: Operations) => Promise<A>) =>
    unary((request: Q) => operations.run(() => work(request, operations)));
  return {
    handshake: unary(async (request: pb.ProviderHandshakeRequest) => {
      log.attach(request.getEngineAddress());
      return new pb.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary(async (request: PluginAttach) => {
      log.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(async () => {
      const info = new PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),
    getSchema: unary(async () => new pb.GetSchemaResponse().setSchema(schema())),
    checkConfig: unary(checkConfig),
    diffConfig: unary(diffConfig),
    configure: unary(async (request: pb.ConfigureRequest) => {
      const { configuration, problems } = readConfiguration(unwrap(request.getArgs()).value);
      if (problems.length > 0) {
        const lines = problems.map((one) => `${propertyPath(one.keys)}: ${reasonOf(one)}`);
        throw new Error(`the provider's configuration is not valid: ${lines.join("; ")}`);
      }
      operations.configure(configuration);
      return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    check: unary(async (request: pb.CheckRequest) => rpc.check(request, operations)),
    diff: unary(async (request: pb.DiffRequest) => rpc.diff(request)),
    create: inOperation(rpc.create),
    read: inOperation(rpc.read),
    update: inOperation(rpc.update),
    delete: inOperation(rpc.remove),
    cancel: unary(async () => {
      stop("cancelled");
      return new Empty();
    }),
  };
}

/** The schema that `npm run generate` writes; read when somebody asks, which a run never does. */
function schema(): string {
  return readFileSync(join(__dirname, "..", "schema.json"), "utf8");
}

async function checkConfig(request: pb.CheckRequest): Promise<pb.CheckResponse> {
  const { value, secrets } = unwrap(request.getNews());
  const { problems } = readConfiguration(value);
  const always = ["endpoints", "salt", "registryAuth"];
  const inputs = wrap(value, new Set([...secrets, ...always]));
  return checkFailures(new pb.CheckResponse().setInputs(inputs), problems);
}

// Changing the configuration changes how the swarm is reached, never what is on it.
async function diffConfig(request: pb.DiffRequest): Promise<pb.DiffResponse> {
  const old = unwrap(request.getOldInputs() ?? request.getOlds()).value;
  const news = unwrap(request.getNews()).value;
  return diffResponse(
    changesBetween(old, news, "", () => false),
    false,
  );
}
