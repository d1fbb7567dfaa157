import { untilInterrupted } from "./interrupt.ts";
import { startDevWorker } from "./wrangler-dev.ts";

// npm run dev: the Worker on this machine, with whatever openclaw.json5 and .dev.vars name. Arguments go to wrangler dev.
const signal = untilInterrupted();
try {
  const worker = await startDevWorker({
    args: process.argv.slice(2),
    onOutput: (text) => process.stdout.write(text),
    signal,
  });
  process.exitCode = await worker.exited;
} catch (error) {
  if (!signal.aborted) throw error;
}
