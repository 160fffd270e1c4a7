import * as pulumi from "@pulumi/pulumi";
import { architectureOf, gpusOf } from "../components/config/environment/instance-types";

/** A resource as the program declared it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** Resolved inputs as the Pulumi engine would get them; secrets are unwrapped. */
  readonly inputs: { readonly [key: string]: unknown };
  /** Top-level inputs that hold a secret. */
  readonly secrets: readonly string[];
}

/** What a component declared for one resource, before the Pulumi engine sees it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly props: { readonly [key: string]: pulumi.Input<unknown> };
  readonly opts: pulumi.CustomResourceOptions;
}

/** Values that providers would compute, by type. */
const COMPUTED: { readonly [type: string]: (name: string) => object } = {
  "docker:index/remoteImage:RemoteImage": (name) => ({ imageId: `sha256:${name}` }),
  "docker:index/registryImage:RegistryImage": () => ({ sha256Digest: "sha256:feed" }),
  "swarm:index:Key": (name) => ({
    publicKey: `ssh-ed25519 ${name}`,
    privateKey: `private ${name}`,
    salt: "salt",
  }),
  "aws:ec2/instance:Instance": (name) => ({
    privateIp: `private of ${name}`,
    publicIp: `public of ${name}`,
  }),
  "aws:ec2/eip:Eip": (name) => ({ publicIp: `public of ${name}`, allocationId: `${name}-id` }),
  "swarm:index:Cluster": (name) => ({
    managerToken: `manager-token-of-${name}`,
    workerToken: `worker-token-of-${name}`,
  }),
  "swarm:index:Secret": (name) => ({
    name: `real name of ${name}`,
    previous: `previous of ${name}`,
  }),
  "swarm:index:Config": (name) => ({ name: `real name of ${name}` }),
  "command:remote:Command": () => ({ stdout: "", stderr: "" }),
};

/** What is answered to what the program asks of a provider; it throws to refuse. */
export type Answer = (inputs: { readonly [key: string]: unknown }) => object;

/** Answers of AWS to what is asked before anything is made. */
const ANSWERS: { readonly [token: string]: Answer } = {
  "aws:ec2/getInstanceType:getInstanceType": ({ instanceType }) => ({
    supportedArchitectures: [architectureOf(String(instanceType))],
    gpuses: [{ count: gpusOf(String(instanceType)) }],
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  }),
  "aws:ec2/getAmi:getAmi": () => ({ architecture: "x86_64" }),
  "aws:ec2/getInstances:getInstances": () => ({ ids: [] }),
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ insecureValue: `ami of ${name}` }),
};

/** What the mocks answer. */
export interface RecorderOptions {
  readonly stack?: string;
  readonly preview?: boolean;
  /** Values that providers would compute, by type; in addition to the usual ones. */
  readonly computed?: { readonly [type: string]: (name: string) => object };
  /** Answers by the token of what is asked; in addition to the usual ones. */
  readonly answers?: { readonly [token: string]: Answer };
}

/** Records every resource that is made under Pulumi's mocks; one type and name may be made once only. */
export class Recorder {
  /** Give these to what is tested, so that options are recorded as well. */
  readonly opts: pulumi.ComponentResourceOptions;
  private readonly seen = new Map<string, Recorded>();
  private readonly declared = new Map<string, Declared>();
  private readonly repeated: string[] = [];

  constructor(private readonly options: RecorderOptions = {}) {
    const answers = { ...ANSWERS, ...options.answers };
    // It has done everything when it returns; a constructor could not wait for its promise.
    void pulumi.runtime.setMocks(
      {
        newResource: (args) => this.make(args),
        call: ({ token, inputs }) => answerOf(answers[token], inputs),
      },
      "swarmyard",
      options.stack ?? "test",
      options.preview ?? true,
    );
    this.opts = {
      transformations: [
        ({ type, name, props, opts }) => {
          this.declared.set(`${type} ${name}`, { type, name, props, opts });
          return undefined;
        },
      ],
    };
  }

  /** Waits for all registrations and fails when two have the same type and name. */
  async settle(): Promise<void> {
    let before = -1;
    while (before !== this.seen.size) {
      before = this.seen.size;
      for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
    }
    if (this.repeated.length > 0) throw new Error(`made twice: ${this.repeated.join(", ")}`);
  }

  /** `type name` of everything, sorted. */
  list(): readonly string[] {
    return [...this.seen.keys()].sort();
  }

  /** Inputs of one resource. */
  inputs(type: string, name: string): Recorded["inputs"] {
    const found = this.seen.get(`${type} ${name}`);
    if (found === undefined) throw new Error(`no ${type} ${name} among ${this.list().join(", ")}`);
    return found.inputs;
  }

  /** Top-level inputs of one resource that hold a secret, sorted. */
  secrets(type: string, name: string): readonly string[] {
    this.inputs(type, name);
    return this.seen.get(`${type} ${name}`)?.secrets ?? [];
  }

  /** What was declared for one resource, with outputs and options as they were given. */
  declaration(type: string, name: string): Declared {
    const found = this.declared.get(`${type} ${name}`);
    if (found === undefined) throw new Error(`no declaration of ${type} ${name}`);
    return found;
  }

  private make(args: pulumi.runtime.MockResourceArgs) {
    const key = `${args.type} ${args.name}`;
    if (this.seen.has(key)) this.repeated.push(key);
    const inputs = unwrap(args.inputs) as Recorded["inputs"];
    const secrets = Object.keys(args.inputs).filter((input) => hasSecret(args.inputs[input]));
    this.seen.set(key, { type: args.type, name: args.name, inputs, secrets: secrets.sort() });
    const computed = { ...COMPUTED, ...this.options.computed }[args.type]?.(args.name) ?? {};
    return {
      id: args.id !== undefined && args.id !== "" ? args.id : `${args.name}-id`,
      state: { ...args.inputs, ...computed },
    };
  }
}

/** A refusal says why in the words of the Pulumi engine's protocol. */
function answerOf(answer: Answer | undefined, inputs: { readonly [key: string]: unknown }): object {
  try {
    return answer?.(inputs) ?? {};
  } catch (error) {
    throw Object.assign(error as Error, { details: (error as Error).message });
  }
}

/** Key by which the Pulumi engine marks special values, and the mark of a secret. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function isSecret(value: object): value is { value: unknown } {
  return MARK in value && value[MARK] === SECRET;
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecret(value) || Object.values(value).some(hasSecret);
}

function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  // Assets are classes; only what came as plain data is taken apart.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
}

/** The value of an output. */
export function resolved<T>(output: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(output).apply((value) => resolve(value as T));
  });
}
