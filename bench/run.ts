import { parseArgs } from "node:util";
import { untilInterrupted } from "../scripts/interrupt.ts";
import { play as answers } from "./answers/play.ts";
import type { Stage as AnswersStage } from "./answers/stage.ts";
import { trace } from "./answers/trace.ts";
import { play as callbacks } from "./callbacks/play.ts";
import type { Stage as CallbacksStage } from "./callbacks/stage.ts";
import { jsonOf, type Order, type Report, tableOf } from "./report.ts";
import { onStage } from "./threads.ts";

// npm run bench -- [answers] [callbacks] [--quick] [--json]
// npm run bench -- --trace: one message's way, request by request
const STAGE_OF_ANSWERS = new URL("answers/stage.ts", import.meta.url);
const SCENARIOS: Record<string, (order: Order) => Promise<Report>> = {
  answers: (order) =>
    onStage<AnswersStage, Report>(STAGE_OF_ANSWERS, order, (stage) => answers(stage, order)),
  callbacks: (order) =>
    onStage<CallbacksStage, Report>(new URL("callbacks/stage.ts", import.meta.url), order, (stage) =>
      callbacks(stage, order),
    ),
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
        await onStage<AnswersStage, string>(STAGE_OF_ANSWERS, order, (stage, thread) =>
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
