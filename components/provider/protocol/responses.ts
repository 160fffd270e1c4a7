import * as grpc from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { propertyPath, topLevel } from "../../model/paths";
import type { Finding } from "../../model/problem";
import type { Change } from "../../model/values";

/** What is wrong with a property, in one sentence for Pulumi. */
export function reasonOf({ found, allowed, fix }: Finding): string {
  return `found ${found}; allowed: ${allowed}; fix: ${fix}`;
}

/** Adds what is wrong with the inputs to a response. */
export function checkFailures(
  response: pb.CheckResponse,
  problems: readonly Finding[],
): pb.CheckResponse {
  for (const problem of problems) {
    const failure = new pb.CheckFailure();
    failure.setProperty(propertyPath(problem.keys));
    failure.setReason(reasonOf(problem));
    response.addFailures(failure);
  }
  return response;
}

/** The Pulumi engine's form of a field-by-field diff. */
export function diffResponse(
  changes: readonly Change[],
  deleteBeforeReplace: boolean,
): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const response = new pb.DiffResponse();
  const details = response.getDetaileddiffMap();
  for (const change of changes) {
    const detail = new pb.PropertyDiff();
    detail.setKind(kindOf(change));
    detail.setInputdiff(change.stored !== true);
    details.set(change.path, detail);
  }
  const replacing = changes.filter((change) => change.replace);
  response.setHasdetaileddiff(true);
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList([...new Set(changes.map((change) => topLevel(change.path)))]);
  response.setReplacesList([...new Set(replacing.map((change) => topLevel(change.path)))]);
  response.setDeletebeforereplace(replacing.length > 0 && deleteBeforeReplace);
  return response;
}

function kindOf({ kind, replace }: Change): pb.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = pb.PropertyDiff.Kind;
  switch (kind) {
    case "add":
      return replace ? ADD_REPLACE : ADD;
    case "delete":
      return replace ? DELETE_REPLACE : DELETE;
    default:
      return replace ? UPDATE_REPLACE : UPDATE;
  }
}

/** The error that says: the object exists and is kept, but is not in the desired state. */
export function initFailed(
  id: string,
  properties: Struct,
  inputs: Struct | undefined,
  problems: readonly string[],
): grpc.StatusObject {
  const detail = new pb.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(properties);
  detail.setReasonsList([...problems]);
  detail.setInputs(inputs);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = problems.join("\n");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  // The name that gRPC gives to structured details; grpc-js has no call for it.
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
