import type * as grpc from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isAdrift } from "../../engine/errors";
import { NoManagerError } from "../../engine/managers";
import { threeTimes } from "../../engine/waiting";
import type { Change, Properties } from "../../model/values";
import { lazily } from "../../runtime/lazily";
import type { KindContext } from "../context";
import { keyKind } from "../key";
import type { Kind, Outcome, Stored } from "../kind";
import { newlySecret, type Unwrapped, unwrap, wrap } from "./marshal";
import type { Operations } from "./operations";
import { checkFailures, diffResponse, initFailed } from "./responses";

/** An error with the status for the Pulumi engine. */
export class CallError extends Error {
  constructor(readonly status: grpc.StatusObject) {
    super(status.details);
  }
}

type AnyKind = Kind<Properties, KindContext>;

/** The kind of a resource, by the type in its URN. */
async function kindOf(urn: string): Promise<AnyKind> {
  const type = urn.split("::")[2]?.split("$").pop() ?? "";
  // The default provider makes keys and nothing else: the other kinds take longer to load than all it does.
  if (type === keyKind.token) return keyKind;
  const { kinds } = await lazily(
    () => import("../kinds.js"),
    () => require("../kinds"),
  );
  const kind = kinds.get(type);
  if (!kind) {
    throw new Error(
      `the provider swarm has no resource ${type}; it has ${[...kinds.keys()].join(", ")}`,
    );
  }
  return kind;
}

/** What is always secret in this kind, and what the inputs mark as secret. */
function secretPaths(kind: AnyKind, ...inputs: readonly Unwrapped[]): ReadonlySet<string> {
  return new Set([...kind.secrets, ...inputs.flatMap((input) => [...input.secrets])]);
}

/** The struct of an outcome, or the error that carries it when there are problems. */
function settle(outcome: Outcome, secrets: ReadonlySet<string>, inputs?: Properties): Struct {
  const properties = wrap(outcome.state, secrets);
  if (outcome.problems && outcome.problems.length > 0) {
    const wrapped = inputs && wrap(inputs, secrets);
    throw new CallError(initFailed(outcome.id, properties, wrapped, outcome.problems));
  }
  return properties;
}

/** Check: all problems of the inputs, and the inputs with defaults. */
export async function check(
  request: pb.CheckRequest,
  operations: Operations,
): Promise<pb.CheckResponse> {
  const kind = await kindOf(request.getUrn());
  const news = unwrap(request.getNews());
  const olds = request.hasOlds() ? unwrap(request.getOlds()) : undefined;
  const context = { urn: request.getUrn(), salt: operations.salt };
  const known = olds && Object.keys(olds.value).length > 0 ? olds.value : undefined;
  const { inputs, problems } = kind.check(news.value, known, context);
  const response = new pb.CheckResponse().setInputs(wrap(inputs, secretPaths(kind, news)));
  return checkFailures(response, problems);
}

/** Diff: the fields that differ, and those that must be stored encrypted from now on. */
export async function diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
  const kind = await kindOf(request.getUrn());
  const news = unwrap(request.getNews());
  const state = unwrap(request.getOlds());
  const inputs = request.hasOldInputs() ? unwrap(request.getOldInputs()) : state;
  const old = { id: request.getId(), inputs: inputs.value, state: state.value };
  const changes = kind.diff(old, news.value);
  const hidden = newlySecret(news.secrets, state.secrets, state.value)
    .filter((path) => !changes.some((change) => change.path === path))
    .map((path): Change => ({ path, kind: "update", replace: false }));
  return diffResponse(
    [...changes, ...hidden],
    kind.deleteBeforeReplace?.(old, news.value) ?? false,
  );
}

/** Create, or in a preview what a create would return. */
export async function create(
  request: pb.CreateRequest,
  operations: Operations,
): Promise<pb.CreateResponse> {
  const urn = request.getUrn();
  const kind = await kindOf(urn);
  const inputs = unwrap(request.getProperties());
  const secrets = secretPaths(kind, inputs);
  if (request.getPreview()) {
    return new pb.CreateResponse().setProperties(wrap(kind.plan(inputs.value, undefined), secrets));
  }
  const context = operations.context(urn, request.getTimeout());
  // A create that a manager lost on its way to the leader may have happened: the next try finds what it made.
  const outcome = await threeTimes(context, () => kind.create(inputs.value, context), isAdrift);
  return new pb.CreateResponse().setId(outcome.id).setProperties(settle(outcome, secrets));
}

/** Update, or in a preview what an update would return. */
export async function update(
  request: pb.UpdateRequest,
  operations: Operations,
): Promise<pb.UpdateResponse> {
  const urn = request.getUrn();
  const kind = await kindOf(urn);
  const news = unwrap(request.getNews());
  const state = unwrap(request.getOlds());
  const inputs = request.hasOldInputs() ? unwrap(request.getOldInputs()) : state;
  const old: Stored<Properties> = { id: request.getId(), inputs: inputs.value, state: state.value };
  const secrets = secretPaths(kind, news);
  if (request.getPreview()) {
    return new pb.UpdateResponse().setProperties(wrap(kind.plan(news.value, old), secrets));
  }
  const context = operations.context(urn, request.getTimeout());
  const outcome = await kind.update(old, news.value, context);
  return new pb.UpdateResponse().setProperties(settle(outcome, secrets));
}

/** Read: the real state; an empty id when it is gone. */
export async function read(
  request: pb.ReadRequest,
  operations: Operations,
): Promise<pb.ReadResponse> {
  const urn = request.getUrn();
  const kind = await kindOf(urn);
  const state = unwrap(request.getProperties());
  const inputs = request.hasInputs() ? unwrap(request.getInputs()) : state;
  const known = Object.keys(state.value).length > 0;
  const old = known ? { id: request.getId(), inputs: inputs.value, state: state.value } : undefined;
  const context = operations.context(urn, request.getTimeout());
  const outcome = await goneWithSwarm(kind.read(request.getId(), old, context), undefined);
  const response = new pb.ReadResponse();
  if (!outcome) return response;
  const secrets = secretPaths(kind, inputs, state);
  const properties = settle(outcome, secrets, outcome.inputs);
  return response
    .setId(outcome.id)
    .setProperties(properties)
    .setInputs(wrap(outcome.inputs, secrets));
}

/** Delete. */
export async function remove(request: pb.DeleteRequest, operations: Operations): Promise<Empty> {
  const urn = request.getUrn();
  const kind = await kindOf(urn);
  const state = unwrap(request.getProperties()).value;
  const inputs = request.hasOldInputs() ? unwrap(request.getOldInputs()).value : state;
  const context = operations.context(urn, request.getTimeout());
  await goneWithSwarm(kind.delete({ id: request.getId(), inputs, state }, context), undefined);
  return new Empty();
}

/** When every manager says that it is not in a swarm, everything on the swarm is gone with it. */
async function goneWithSwarm<T>(work: Promise<T>, gone: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NoManagerError && error.outside) return gone;
    throw error;
  }
}
