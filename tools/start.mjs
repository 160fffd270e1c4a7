// Entry point of every npm script. Plain JavaScript without dependencies: it must run before they are installed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const stamp = join(modules, ".swarmyard-installed");
const lockFile = join(root, "package-lock.json");
const quietAfterMs = 8000;

main().catch((error) => {
  console.error(process.env.SWARMYARD_DEBUG ? error : error.message);
  process.exitCode = 1;
});

async function main() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Error(
      `swarmyard needs Node.js 20 or newer, this is ${process.versions.node}: install a newer one from https://nodejs.org and run the command again.`,
    );
  }
  const why = reasonToInstall();
  if (why !== undefined) {
    await install(why);
  }
  process.chdir(root);
  const require = createRequire(import.meta.url);
  require("../components/runtime/typescript.cjs");
  require("./cli.ts");
}

/** Why `npm ci` must run, or undefined when the installed packages match the lock file. */
function reasonToInstall() {
  if (!existsSync(modules)) {
    return "there are none";
  }
  const wanted = hashOf(lockFile);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return undefined;
  }
  if (!isInstalled()) {
    return "they do not match package-lock.json";
  }
  writeFileSync(stamp, wanted);
  return undefined;
}

/** True when exactly the locked versions are installed, even by hand. */
function isInstalled() {
  const hidden = join(modules, ".package-lock.json");
  if (!existsSync(hidden)) {
    return false;
  }
  const installed = JSON.parse(readFileSync(hidden, "utf8")).packages;
  const locked = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  return Object.entries(locked).every(([path, { version, optional }]) => {
    const found = installed[path];
    return path === "" || (found ? found.version === version : optional === true);
  });
}

async function install(why) {
  console.error(`Installing npm packages into node_modules (npm ci), because ${why}.`);
  const began = Date.now();
  const ticker = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    console.error(`… still installing npm packages, ${seconds}s`);
  }, quietAfterMs);
  const output = [];
  const status = await run("npm", ["ci", "--loglevel=error"], {
    stdio: ["ignore", "pipe", "pipe"],
    onOutput: (text) => output.push(text),
  }).finally(() => clearInterval(ticker));
  if (status !== 0) {
    throw new Error(
      `${output.join("")}npm ci failed, see above. Correct that and run the command again.`,
    );
  }
  writeFileSync(stamp, hashOf(lockFile));
  console.error(`npm packages are installed (${Math.round((Date.now() - began) / 1000)}s).`);
}

function hashOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Runs a command in our process group, forwards signals to it, and returns its exit status. */
function run(command, args, { onOutput, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const forward = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) {
      process.on(signal, forward);
    }
    if (onOutput !== undefined) {
      child.stdout.on("data", onOutput);
      child.stderr.on("data", onOutput);
    }
    child.on("error", reject);
    child.on("close", (status, signal) => {
      for (const name of signals) {
        process.off(name, forward);
      }
      resolve(signal === null ? status : signal === "SIGINT" ? 130 : 137);
    });
  });
}
