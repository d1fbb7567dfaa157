import { startDevWorker } from "./wrangler-dev.ts";

// npm run dev: the Worker on this machine, with whatever openclaw.json5 and .dev.vars name. Arguments go to wrangler dev.
const worker = await startDevWorker({
  args: process.argv.slice(2),
  onOutput: (text) => process.stdout.write(text),
});
process.on("SIGINT", () => void worker.stop());
process.on("SIGTERM", () => void worker.stop());
process.exitCode = await worker.exited;
