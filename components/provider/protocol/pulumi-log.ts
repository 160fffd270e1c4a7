import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Messages to the user, through the Pulumi engine that started the provider. */
export class EngineLog {
  private client: EngineClient | undefined;

  /** Talks to the Pulumi engine at this address from now on. */
  attach(address: string | undefined): void {
    if (address !== undefined && address !== "") {
      this.client?.close();
      this.client = new EngineClient(address, grpc.credentials.createInsecure());
    }
  }

  /** What is happening now; the next message replaces it. */
  status(message: string, urn: string): void {
    this.send(LogSeverity.INFO, message, urn, true);
  }

  warning(message: string, urn: string): void {
    this.send(LogSeverity.WARNING, message, urn, false);
  }

  error(message: string): void {
    process.stderr.write(`${message}\n`);
    this.send(LogSeverity.ERROR, message, "", false);
  }

  // A message that the Pulumi engine cannot accept must not fail the operation.
  private send(
    severity: LogRequest["getSeverity"] extends () => infer S ? S : never,
    message: string,
    urn: string,
    ephemeral: boolean,
  ): void {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    this.client?.log(request, () => undefined);
  }
}
