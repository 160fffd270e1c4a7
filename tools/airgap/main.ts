import { buildAwsPlugin, linkAwsPlugin } from "./aws";
import { buildEngine, defaultCacheDir } from "./build";
import { buildTraefik } from "./traefik";

// The only way in from outside this folder. Progress goes to standard output, a line at a time; the
// last line is the answer as JSON. Standard error says why there is none.
//   node --import tsx main.ts engine [cache]            {"pulumi", "home", "version"}
//   node --import tsx main.ts aws [cache]               {"plugin"}
//   node --import tsx main.ts traefik [cache]           {"traefik"}
//   node --import tsx main.ts link-aws <home> [cache]   {"linked"}
async function main([what, ...words]: readonly string[]): Promise<unknown> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());
  const options = (cacheDir = defaultCacheDir()) => {
    return { cacheDir, log: (line: string) => console.log(line), signal: stop.signal };
  };
  switch (what) {
    case "engine":
      return buildEngine(options(words[0]));
    case "aws":
      return { plugin: await buildAwsPlugin(options(words[0])) };
    case "traefik":
      return { traefik: await buildTraefik(options(words[0])) };
    case "link-aws":
      return { linked: linkAwsPlugin(options(words[1]).cacheDir, words[0] ?? "") };
    default:
      throw new Error(`There is no ${what ?? "command"}: engine, aws, traefik or link-aws.`);
  }
}

main(process.argv.slice(2)).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error: Error) => {
    console.error(error.name === "AbortError" ? "stopped" : error.message);
    process.exitCode = 1;
  },
);
