import { parseArgs } from "node:util";
import { untilInterrupted } from "../scripts/interrupt.ts";
import { callbacks } from "./callbacks.ts";
import { jsonOf, type Order, type Report, tableOf } from "./report.ts";

// npm run bench -- callbacks [--quick] [--json]
const SCENARIOS: Record<string, (order: Order) => Promise<Report>> = { callbacks };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const scenario = SCENARIOS[positionals[0] ?? ""];
if (scenario === undefined || positionals.length > 1) {
  console.error(`say what to measure: ${Object.keys(SCENARIOS).join(", ")}`);
  process.exitCode = 1;
} else {
  const signal = untilInterrupted();
  const note = (text: string) => {
    if (!values.json) console.error(text);
  };
  try {
    const report = await scenario({ quick: values.quick, signal, note });
    console.log(values.json ? jsonOf(report) : tableOf(report));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 1;
  }
}
