import { onOrphaned } from "./orphan.ts";
import { startDevWorker } from "./wrangler-dev.ts";

// npm run dev: the Worker on this machine, with whatever openclaw.json5 and .dev.vars name. Arguments go to wrangler dev.
const worker = await startDevWorker({
  args: process.argv.slice(2),
  onOutput: (text) => process.stdout.write(text),
});
const stop = () => void worker.stop();
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
onOrphaned(stop);
process.exitCode = await worker.exited;
