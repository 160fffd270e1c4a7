import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { fitsSalt, localPassphrase } from "../../components/config/file/local-secrets";
import {
  applyVariables,
  type BackendOptions,
  exportLines,
  pulumiVariables,
} from "../../tools/setup/backend";
import { kindsOf } from "../../tools/setup/environment-file";
import { foldersOf, root } from "../../tools/setup/folders";

const salt = "v1:0B6YilAcCBw=:v1:DsFuM46yYxqWKOWR:GawG4vuxibzyEvkg4tROt0MkMxCGsg==";

function options(local: boolean, changes: Partial<BackendOptions> = {}): BackendOptions {
  return {
    file: { project: "swarmyard", local, aws: false, salt },
    stack: "local",
    folders: { cache: "/c", state: "/s" },
    pulumi: { command: "/c/bin/pulumi", home: "/c/home", origin: "download" },
    dockerHost: undefined,
    home: "/home/ann",
    ...changes,
  };
}

describe("pulumiVariables", () => {
  test("only the air-gapped language host is given the program's start file", () => {
    const start = "PULUMI_LANGUAGE_NODEJS_RUN_PATH";
    const { pulumi } = options(true);
    const of = (origin: "air-gapped" | "download") =>
      pulumiVariables({}, options(true, { pulumi: { ...pulumi, origin } }))[start];
    expect(of("air-gapped")).toBe(join(root, "components/runtime/run.cjs"));
    expect(of("download")).toBeUndefined();
  });

  test("a local environment has its own backend and passphrase, whatever the user has set", () => {
    const env = { PATH: "/bin", PULUMI_CONFIG_PASSPHRASE: "another project's" };
    expect(pulumiVariables(env, options(true))).toMatchObject({
      PATH: "/c/bin:/bin",
      PULUMI_HOME: "/c/home",
      PULUMI_BACKEND_URL: "file:///s/local/backend",
      PULUMI_CONFIG_PASSPHRASE: localPassphrase,
    });
  });

  test("a language host that does not read the options in Pulumi.yaml gets what starts the program", () => {
    const pulumi = { command: "/c/bin/pulumi", home: "/c/home", origin: "air-gapped" } as const;
    expect(pulumiVariables({}, options(true, { pulumi })).PULUMI_LANGUAGE_NODEJS_RUN_PATH).toBe(
      join(root, "components/runtime/run.cjs"),
    );
    expect(pulumiVariables({}, options(true))).not.toHaveProperty(
      "PULUMI_LANGUAGE_NODEJS_RUN_PATH",
    );
  });

  test("Pulumi's programs collect garbage less often, unless the user says how often", () => {
    expect(pulumiVariables({}, options(true)).GOGC).toBe("400");
    expect(pulumiVariables({ GOGC: "50" }, options(true)).GOGC).toBe("50");
  });

  test("a passphrase of the user's is kept when the settings file was made with it", () => {
    const file = { project: "swarmyard", local: true, aws: false };
    const set = pulumiVariables({ PULUMI_CONFIG_PASSPHRASE: "mine" }, options(true, { file }));
    expect(set).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
  });

  test("other environments keep the user's backend, passphrase and login", () => {
    const set = pulumiVariables({}, options(false));
    expect(set).not.toHaveProperty("PULUMI_BACKEND_URL");
    expect(set).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
    expect(set.PULUMI_CREDENTIALS_PATH).toBe("/home/ann/.pulumi");
    expect(pulumiVariables({ PULUMI_HOME: "/p" }, options(false)).PULUMI_CREDENTIALS_PATH).toBe(
      "/p",
    );
  });

  test("Pulumi is given a file that is not in the project's folder, and whether stand-ins are wanted", () => {
    const file = { project: "swarmyard", local: true, aws: false, salt };
    const of = (path: string, env = {}) =>
      pulumiVariables(env, options(true, { file: { ...file, path } }));
    const path = join(root, "platforms/shop/Pulumi.shop.yaml");
    expect(of(path).PULUMI_OPTION_CONFIG_FILE).toBe(path);
    expect(of(join(root, "Pulumi.shop.yaml"))).not.toHaveProperty("PULUMI_OPTION_CONFIG_FILE");
    expect(of(path)).not.toHaveProperty("SWARMYARD_STAND_INS");
    expect(of(path, { SWARMYARD_STAND_INS: "true" }).SWARMYARD_STAND_INS).toBe("true");
  });

  test("many operations at once, unless the user says how many", () => {
    expect(pulumiVariables({}, options(true)).PULUMI_PARALLEL).toBe("64");
    const given = pulumiVariables({ PULUMI_PARALLEL: "3" }, options(true));
    expect(given.PULUMI_PARALLEL).toBe("3");
  });

  test("variables that would override the program's addresses and keys are unset, DOCKER_HOST is kept", () => {
    const env = {
      DOCKER_HOST: "unix:///x",
      DOCKER_CONTEXT: "c",
      DOCKER_CERT_PATH: "/d",
      SSH_AUTH_SOCK: "/a",
    };
    const child = applyVariables(env, pulumiVariables(env, options(true)));
    expect(child.DOCKER_HOST).toBe("unix:///x");
    for (const name of ["DOCKER_CONTEXT", "DOCKER_CERT_PATH", "SSH_AUTH_SOCK"]) {
      expect(child).not.toHaveProperty(name);
    }
    const found = pulumiVariables({}, options(true, { dockerHost: "unix:///desktop" }));
    expect(found.DOCKER_HOST).toBe("unix:///desktop");
  });
});

describe("exportLines", () => {
  test("puts only our own folder in front of the reader's PATH", () => {
    const lines = exportLines({ PATH: "/npm:/bin" }, { PATH: "/ours:/npm:/bin" });
    expect(lines).toEqual(["export PATH='/ours':\"$PATH\""]);
  });

  test("are for a shell, even with spaces and quotes in a value", () => {
    const lines = exportLines(
      { B: "set", C: "/x" },
      { A: "it's", B: undefined, C: "/x", D: undefined },
    );
    expect(lines).toEqual(["export A='it'\\''s'", "export B=''", "export C='/x'"]);
  });
});

describe("fitsSalt", () => {
  test("tells the right passphrase from a wrong one as Pulumi does", () => {
    expect(fitsSalt(localPassphrase, salt)).toBe(true);
    expect(fitsSalt("wrong", salt)).toBe(false);
    expect(fitsSalt(localPassphrase, undefined)).toBe(false);
    expect(fitsSalt(localPassphrase, "v1:x")).toBe(false);
  });

  test("the committed local environment is made with the public passphrase", () => {
    const file = parse(readFileSync(join(root, "Pulumi.local.yaml"), "utf8"));
    expect(fitsSalt(localPassphrase, file.encryptionsalt)).toBe(true);
  });
});

describe("kindsOf", () => {
  test("groups follow hosts.kind, which is local by default", () => {
    expect(kindsOf({ groups: { a: {}, b: null } })).toEqual(["local", "local"]);
    expect(kindsOf({ kind: "aws", groups: { a: {}, b: { kind: "ssh" } } })).toEqual(["aws", "ssh"]);
    expect(kindsOf({ kind: "aws" })).toEqual(["aws"]);
  });
});

describe("foldersOf", () => {
  test("follow the user's settings", () => {
    expect(foldersOf({}, "/home/ann")).toEqual({
      cache: "/home/ann/.cache/swarmyard",
      state: "/home/ann/.local/state/swarmyard",
    });
    expect(foldersOf({ XDG_CACHE_HOME: "/c", SWARMYARD_STATE: "/s" }, "/home/ann")).toEqual({
      cache: "/c/swarmyard",
      state: "/s",
    });
  });
});
