import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { STAND_INS_VARIABLE } from "../../components/config/environment/stand-ins";
import { fitsSalt, localPassphrase } from "../../components/config/file/local-secrets";
import { AGENT_VARIABLE } from "../../components/engine/login";
import { STATE_ID_VARIABLE } from "../../components/model/ownership";
import { quote } from "../../components/model/quote";
import type { EnvironmentFile } from "./environment-file";
import { type Folders, root, stackFolder } from "./folders";
import type { Pulumi } from "./pulumi";
import { isElsewhere } from "./settings-folder";

/** How many resource operations run in parallel: waiting ones must not fill all slots. */
const parallel = "64";

/** The air-gapped language host does not read the program's options in Pulumi.yaml. */
const airGappedVariables = {
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_LANGUAGE_NODEJS_RUN_PATH: join(root, "components/runtime/run.cjs"),
};

/** Variables to set, or with undefined to unset. */
export type Variables = { readonly [name: string]: string | undefined };

/** What the variables are derived from. */
export interface BackendOptions {
  readonly file: EnvironmentFile;
  readonly stack: string;
  readonly folders: Folders;
  readonly pulumi: Pulumi;
  /** Address of the Docker engine when the Docker plugin does not find it on its own. */
  readonly dockerHost: string | undefined;
  readonly home: string;
  /** Id of the folder of states. @default none, for environments that are not local */
  readonly stateId?: string;
}

/** Folder of a local environment's state. */
export function backendFolder(folders: Folders, stack: string): string {
  return join(stackFolder(folders, stack), "backend");
}

/**
 * What pulumi runs with. Local environments have their own backend and need no login; others keep
 * the user's backend, login and secrets provider, and only take their plugins from our cache. Pure.
 */
export function pulumiVariables(env: NodeJS.ProcessEnv, options: BackendOptions): Variables {
  const { pulumi, file, dockerHost } = options;
  const airGapped = pulumi.origin === "air-gapped";
  return {
    PATH: withFolder(env.PATH ?? "", dirname(pulumi.command)),
    PULUMI_HOME: pulumi.home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_PARALLEL: env.PULUMI_PARALLEL ?? parallel,
    ...(airGapped ? airGappedVariables : {}),
    // Pulumi's programs live for seconds: they collect garbage less often.
    GOGC: env.GOGC ?? "400",
    // The SDK's own loader would keep its cache among the temporary files.
    TS_NODE_CACHE_DIRECTORY: join(options.folders.cache, "ts-node"),
    ...fileVariables(file, env),
    // They would override the addresses and keys that the program passes.
    DOCKER_CONTEXT: undefined,
    DOCKER_CERT_PATH: undefined,
    SSH_AUTH_SOCK: undefined,
    // Our own provider takes the agent where a machine's key is the agent's.
    ...(env.SSH_AUTH_SOCK ? { [AGENT_VARIABLE]: env.SSH_AUTH_SOCK } : {}),
    ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }),
    ...(file.local ? localVariables(env, options) : userVariables(env, options)),
  };
}

/** Pulumi looks only in the project's folder; the variable stands for its option `--config-file`. */
function fileVariables(file: EnvironmentFile, env: NodeJS.ProcessEnv): Variables {
  const standIns = env[STAND_INS_VARIABLE];
  return {
    ...(isElsewhere(file) ? { PULUMI_OPTION_CONFIG_FILE: file.path } : {}),
    ...(standIns === undefined ? {} : { [STAND_INS_VARIABLE]: standIns }),
  };
}

function localVariables(env: NodeJS.ProcessEnv, options: BackendOptions): Variables {
  const url = pathToFileURL(backendFolder(options.folders, options.stack)).href;
  const own = env.PULUMI_CONFIG_PASSPHRASE ?? env.PULUMI_CONFIG_PASSPHRASE_FILE;
  // Two equal ones need no try, which takes as long as all other checks: `env` has set it before.
  const ours =
    own === undefined ||
    env.PULUMI_CONFIG_PASSPHRASE === localPassphrase ||
    fitsSalt(localPassphrase, options.file.salt);
  return {
    PULUMI_BACKEND_URL: url,
    ...(options.stateId === undefined ? {} : { [STATE_ID_VARIABLE]: options.stateId }),
    ...(ours
      ? { PULUMI_CONFIG_PASSPHRASE: localPassphrase, PULUMI_CONFIG_PASSPHRASE_FILE: undefined }
      : {}),
  };
}

function userVariables(env: NodeJS.ProcessEnv, { home }: BackendOptions): Variables {
  const login = env.PULUMI_CREDENTIALS_PATH ?? env.PULUMI_HOME ?? join(home, ".pulumi");
  return { PULUMI_CREDENTIALS_PATH: login };
}

/** The environment of a child process: ours merged over the given one. Pure. */
export function applyVariables(env: NodeJS.ProcessEnv, variables: Variables): NodeJS.ProcessEnv {
  const merged = { ...env, ...variables };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

/** `export …` lines for a shell; what must be unset is exported empty, but only if it is set. Pure. */
export function exportLines(env: NodeJS.ProcessEnv, variables: Variables): readonly string[] {
  return Object.entries(variables)
    .filter(([name, value]) => value !== undefined || env[name] !== undefined)
    .map(
      ([name, value]) => `export ${name}=${name === "PATH" ? ownPath(value) : quote(value ?? "")}`,
    );
}

// Of PATH only our own folder: the rest is npm's, not that of the shell that reads the line.
function ownPath(path: string | undefined): string {
  return `${quote(path?.split(":")[0] ?? "")}:"$PATH"`;
}

function withFolder(path: string, folder: string): string {
  return path.split(":").includes(folder) ? path : `${folder}:${path}`;
}
