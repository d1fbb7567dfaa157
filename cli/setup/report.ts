import type { Output } from "../output.ts";
import { EXIT, type Exit } from "../problem.ts";
import type { Finding } from "./check.ts";
import type { Claim } from "./claim.ts";
import type { Kept } from "./secret-places.ts";

/** What setup has done, and found. */
export interface Done {
  /** Path of the document. */
  document: string;
  /** Path of `.dev.vars`. */
  secretsFile: string;
  account: string;
  /** Lines that changed in the document, with those around them. */
  differences: readonly string[];
  notes: readonly string[];
  claimed?: Claim;
  findings: readonly Finding[];
  secrets: readonly Kept[];
  /** Commands that are left to give. */
  advice: readonly string[];
  isDryRun?: boolean;
  /** Whether the differences have been printed. */
  isShown?: boolean;
}

const NEXT = ["npm run dev", "npm run edge -- doctor", "npm run deploy"];

/** Prints it, and says how the tool ends. */
export function report(output: Output, done: Done): Exit {
  const isWell = done.findings.every(({ ok }) => ok);
  output.json({
    account: done.account,
    dryRun: done.isDryRun === true,
    document: { path: done.document, changed: done.differences.length > 0, differences: done.differences },
    secretsFile: done.secretsFile,
    ...(done.claimed && { bot: done.claimed.bot, workspace: done.claimed.workspace }),
    secrets: done.secrets,
    notes: done.notes,
    findings: done.findings,
    ok: isWell,
    next: done.isDryRun ? [] : [...done.advice, ...NEXT],
  });
  for (const line of linesOf(done)) output.line(line);
  return isWell ? EXIT.ok : EXIT.failed;
}

function linesOf(done: Done): string[] {
  const { document, differences, secrets } = done;
  const lines: string[] = [];
  if (differences.length === 0) lines.push(`${document} says all of it already.`);
  else if (done.isShown !== true)
    lines.push(`${document}${done.isDryRun ? " would become" : ""}:`, ...differences);
  else lines.push(`${document} is written.`);
  const stored = secrets.filter((kept) => kept.in.includes("dev-vars")).map(({ name }) => name);
  if (stored.length > 0)
    lines.push(`${done.secretsFile}, which its owner alone can read, has ${stored.join(", ")}.`);
  if (done.notes.length > 0) lines.push("", ...done.notes.map((note) => `! ${note}.`));
  if (done.isDryRun) return [...lines, "", "Nothing was written."];
  if (done.findings.length > 0) lines.push("");
  for (const { ok, text, mend } of done.findings) {
    lines.push(`${ok ? "ok  " : "FAIL"}  ${text}`);
    if (!ok && mend !== undefined) lines.push(`      ${mend}`);
  }
  return [...lines, "", "Next:", ...[...done.advice, ...NEXT].map((command) => `  ${command}`)];
}
