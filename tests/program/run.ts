import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parse } from "yaml";
import { Recorder, type RecorderOptions } from "../recorder";

const root = path.resolve(__dirname, "../..");

type Config = { readonly [key: string]: unknown };

/** The `config` of a file of the project. */
export function configOf(file: string): Config {
  return parse(fs.readFileSync(path.join(root, file), "utf8")).config ?? {};
}

/** What the program declared and handed out. */
export interface Ran {
  readonly recorder: Recorder;
  readonly program: { readonly [key: string]: unknown };
}

/** What a value `{ secure: … }` stands for, which the Pulumi engine passes on decrypted. */
function secretOf(value: unknown): string | undefined {
  return (value as { secure?: string } | null)?.secure;
}

/** Runs the whole program with the config of a stack over the project's, as the Pulumi engine would. */
export async function runProgram(
  stack: string,
  config: Config,
  options: RecorderOptions = {},
): Promise<Ran> {
  vi.restoreAllMocks();
  vi.resetModules();
  const project = Object.entries(configOf("Pulumi.yaml")).map(([key, item]) => [
    key,
    (item as { value?: unknown }).value ?? item,
  ]);
  const all = Object.entries({ ...Object.fromEntries(project), ...config });
  const secure = all.filter(([, value]) => secretOf(value) !== undefined);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      all.map(([key, value]) => [
        key,
        secretOf(value) ?? (typeof value === "string" ? value : JSON.stringify(value)),
      ]),
    ),
    secure.map(([key]) => key),
  );
  const recorder = new Recorder({ ...options, stack });
  watch(recorder);
  // What this machine holds has no say in what a program declares.
  vi.doMock("../../components/local-engine/facts", () => ({ machineFacts: async () => ({}) }));
  const { default: program } = (await import("../../index.js")) as unknown as {
    readonly default: () => Promise<{ [key: string]: unknown }>;
  };
  const outputs = await program();
  await recorder.settle();
  return { recorder, program: outputs };
}

type Registering = (
  resource: pulumi.Resource,
  parent: pulumi.Resource | undefined,
  type: string,
  name: string,
  custom: boolean,
  remote: boolean,
  dependency: unknown,
  props: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions,
) => void;

/** Records the options of everything that is declared, whoever is its parent. */
function watch(recorder: Recorder): void {
  const record = recorder.opts.transformations?.[0];
  const original = registering.registerResource;
  vi.spyOn(registering, "registerResource").mockImplementation((...args) => {
    const [resource, , type, name, , , , props, opts] = args;
    record?.({ resource, type, name, props, opts });
    original(...args);
  });
}

// What the SDK's own classes call; it is not among its types.
const registering = createRequire(__filename)("@pulumi/pulumi/runtime/resource") as {
  registerResource: Registering;
};

/** Runs the program for an environment file. */
export function runFile(file: string, options?: RecorderOptions): Promise<Ran> {
  return runProgram(file.split(".")[1] ?? "", configOf(file), options);
}
