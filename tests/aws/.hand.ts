import { Laboratory } from "/work/wt/aws/tests/aws/lab/lab";
import { createInterface } from "node:readline";
async function main() {
  const [stack, from, cidr] = process.argv.slice(2);
  const lab = await Laboratory.open(stack as string, from as string, cidr);
  console.log("folder", lab.folder, "url", lab.cloud.url);
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    const began = Date.now();
    try {
      if (line.startsWith("set ")) { const [, k, v] = /^set (\S+) (.*)$/.exec(line)!; lab.set(JSON.parse(k!), JSON.parse(v!)); }
      else if (line === "machines") console.log((await lab.cloud.machines()).map(({ userData: _, ...m }) => JSON.stringify(m)).join("\n"));
      else if (line === "calls") console.log(JSON.stringify(await lab.cloud.calls()));
      else if (line === "left") console.log(await lab.cloud.left());
      else if (line.startsWith("kill ")) await lab.room.kill(line.slice(5));
      else if (line.startsWith("aws ")) console.log(lab.aws(...line.slice(4).split(" ")));
      else if (line.startsWith("replace ")) { const r = await lab.run("up", line.slice(8).split(" ").flatMap((n) => ["--replace", lab.urn("Instance", `${n}-machine`)])); console.log(r.output, "status", r.status); }
      else if (line === "quit") break;
      else { const [c, ...a] = line.split(" "); const r = await lab.run(c as string, a); console.log(r.output, "status", r.status); }
    } catch (e) { console.log("ERROR", e); }
    console.log(`--- ${line}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
  await lab.close();
}
main();
