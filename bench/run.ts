import { parseArgs } from "node:util";
import { untilInterrupted } from "../scripts/interrupt.ts";
import { play as answers } from "./answers/play.ts";
import type { Stage as AnswersStage } from "./answers/stage.ts";
import { trace } from "./answers/trace.ts";
import { play as callbacks } from "./callbacks/play.ts";
import type { Stage as CallbacksStage } from "./callbacks/stage.ts";
import { play as idle } from "./idle/play.ts";
import type { Stage as IdleStage } from "./idle/stage.ts";
import { jsonOf, type Order, type Report, tableOf } from "./report.ts";
import { sends } from "./sends.ts";
import { start } from "./start.ts";
import { onStage } from "./threads.ts";

// npm run bench -- [answers] [callbacks] [sends] [start] [idle] [--quick] [--json]
// npm run bench -- --trace: one message's way, request by request
const stageIn = (folder: string) => new URL(`${folder}/stage.ts`, import.meta.url);

const SCENARIOS: Record<string, (order: Order) => Promise<Report>> = {
  answers: (order) => onStage(stageIn("answers"), order, (stage: AnswersStage) => answers(stage, order)),
  callbacks: (order) =>
    onStage(stageIn("callbacks"), order, (stage: CallbacksStage) => callbacks(stage, order)),
  sends: (order) => onStage(stageIn("answers"), order, (stage: AnswersStage) => sends(stage, order)),
  start,
  idle: (order) => onStage(stageIn("idle"), order, (stage: IdleStage, thread) => idle(stage, order, thread)),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
if (names.some((name) => SCENARIOS[name] === undefined)) {
  console.error(`say what to measure: ${Object.keys(SCENARIOS).join(", ")}`);
  process.exitCode = 1;
} else {
  const signal = untilInterrupted();
  const note = (text: string) => {
    if (!values.json) console.error(text);
  };
  try {
    const reports: Report[] = [];
    const order = { quick: values.quick, signal, note };
    if (values.trace)
      console.log(
        await onStage(stageIn("answers"), order, (stage: AnswersStage, thread) =>
          trace(stage, order, thread),
        ),
      );
    else
      for (const name of names) {
        const report = await SCENARIOS[name]?.(order);
        if (report === undefined) continue;
        reports.push(report);
        if (!values.json) console.log(`${tableOf(report)}\n`);
      }
    if (values.json && !values.trace) console.log(jsonOf(reports));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 1;
  }
}
