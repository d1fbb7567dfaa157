import { parseArgs } from "node:util";
import { onOrphaned } from "../scripts/orphan.ts";
import { setStage } from "./stage.ts";
import { talk } from "./talk.ts";
import { Transcript } from "./transcript.ts";

// npm start: the whole product on this machine, with a scripted talk; then it stays up for people.
// npm start -- --check: ends after the talk, with code 0 only if every line held.
const { check, verbose } = parseArgs({
  options: { check: { type: "boolean", default: false }, verbose: { type: "boolean", default: false } },
}).values;

const workerOutput: string[] = [];
const stage = await setStage((text) => {
  if (verbose) process.stderr.write(text);
  else workerOutput.push(text);
}).catch((error: unknown) => {
  process.stderr.write(workerOutput.join(""));
  throw error;
});
const ended = new Promise<void>((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
  onOrphaned(resolve);
});

console.log(`clickclack-edge: two OpenClaw agents in ClickClack

  chat page        ${stage.clickclack}
  the Worker       ${stage.worker}   (Authorization: Bearer ${stage.apiToken})
  OpenClaw         ${stage.gateway}`);
const transcript = new Transcript(console.log);
await Promise.race([talk(stage, transcript), ended]);
const held = transcript.close();
if (!held && !verbose) process.stderr.write(workerOutput.join(""));

if (check) process.exitCode = held ? 0 : 1;
else {
  console.log(
    `\nOpen ${stage.clickclack} and mention @scout or @sage, or write to them. Ctrl-C ends everything.`,
  );
  await ended;
}
await stage.stop();
