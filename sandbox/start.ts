import { once } from "node:events";
import { parseArgs } from "node:util";
import { untilInterrupted } from "../scripts/interrupt.ts";
import { type Stage, setStage } from "./stage.ts";
import { talk } from "./talk.ts";
import { Transcript } from "./transcript.ts";

// npm start: the whole product on this machine, with a scripted talk; then it stays up for people.
// npm start -- --check: ends after the talk, with code 0 only if every line held.
const { check, verbose } = parseArgs({
  options: { check: { type: "boolean", default: false }, verbose: { type: "boolean", default: false } },
}).values;

const workerOutput: string[] = [];
const onOutput = (text: string) => {
  if (verbose) process.stderr.write(text);
  else workerOutput.push(text);
};
const signal = untilInterrupted();
const interrupted = signal.aborted ? Promise.resolve() : once(signal, "abort");

try {
  const stage = await setStage(onOutput, signal);
  await play(stage).finally(() => stage.stop());
} catch (error) {
  if (!signal.aborted) {
    process.stderr.write(workerOutput.join(""));
    throw error;
  }
  process.exitCode = 1;
}

async function play(stage: Stage): Promise<void> {
  console.log(`clickclack-edge: two OpenClaw agents in ClickClack

  chat page        ${stage.clickclack}
  the Worker       ${stage.worker}   (Authorization: Bearer ${stage.apiToken})
  its status page  ${stage.worker}   (admin token ${stage.adminToken})
  OpenClaw         ${stage.gateway}`);
  const transcript = new Transcript(console.log);
  await Promise.race([talk(stage, transcript), interrupted]);
  if (signal.aborted) {
    // Half a talk proves nothing, and its lines that now fail concern nobody.
    transcript.mute();
    process.exitCode = check ? 1 : 0;
    return;
  }
  const held = transcript.close();
  if (!held) process.stderr.write(workerOutput.join(""));
  if (check) {
    process.exitCode = held ? 0 : 1;
    return;
  }
  console.log(
    `\nOpen ${stage.clickclack} and mention @scout or @sage, or write to them. Ctrl-C ends everything.`,
  );
  await interrupted;
}
