import { reasonWords } from "../../src/domain/reasons.ts";
import { moment, wait } from "../times.ts";
import type { StoryAnswer } from "../worker/answers.ts";

/** Why it is answered. */
const ADMITTED: Readonly<Record<string, string>> = {
  direct: "it is in a direct conversation",
  mention: "it mentions the bot",
  pattern: "it fits a mention pattern",
  command: "it is one of the bot's commands",
  open: "nobody has to be mentioned there",
};

/** What became of a message, in plain words. */
export interface Tale {
  verdict: string;
  /** What to do to have it otherwise; absent where there is nothing to do. */
  mend?: string;
}

/** What a message's story comes to. */
export function taleOf(story: StoryAnswer): Tale {
  const { state, reason, replies } = story;
  const [words = reason, mend] = reason === undefined ? [] : (reasonWords(reason) ?? []);
  const because = words === undefined ? "" : `: ${words}`;
  const withMend = mend === undefined ? {} : { mend };
  switch (state) {
    case "answered": {
      const posted = replies.flatMap(({ message }) => message ?? []);
      return {
        verdict: `answered${posted.length === 0 ? "" : ` by ${posted.join(", ")}`}${answeredIn(story)}`,
      };
    }
    case "undecided":
      return story.fetchFailures === 0
        ? { verdict: "not looked at yet: the messages before it come first" }
        : {
            verdict: `not read yet, ${times(story.fetchFailures)} in vain`,
            mend: "it is tried again by itself",
          };
    case "waiting":
      return story.attempts === 0
        ? { verdict: "waiting for its turn: what was said before it in its conversation, or the gateway" }
        : { verdict: `waiting to be tried again, after ${times(story.attempts)}${because}`, ...withMend };
    case "running":
      return { verdict: "being answered now" };
    case "dropped":
    case "cancelled":
      return { verdict: `not answered${because}`, ...withMend };
    case "silent":
      return { verdict: `no answer was posted${because}` };
    case "dead":
      return {
        verdict: `given up${because}`,
        mend: `${mend ?? "mend what the error says"}; "dead retry" has it tried again`,
      };
    default:
      return { verdict: `${state}${because}`, ...withMend };
  }
}

/** The facts below the verdict, each a name and a value. */
export function factsOf(story: StoryAnswer): [name: string, value: string][] {
  const { setting, admittedAs, roads, seenAt, correlationId, error, run, attempts, failedRuns, notice } =
    story;
  const facts: [string, string | undefined][] = [
    ["decided by", setting],
    ["asked because", admittedAs && (ADMITTED[admittedAs] ?? admittedAs)],
    ["command", story.command && `/${story.command}`],
    ["came by", `${roads.join(", ")}, at ${moment(seenAt)}`],
    [
      "tries",
      attempts > 1 || failedRuns > 0 ? `${attempts}, ${failedRuns} of them failed at the agent` : undefined,
    ],
    ["last error", error],
    ["run", run && `${run.id} in session ${run.session}`],
    ...story.replies.map(({ state, message, attempts: failed, error: said }): [string, string] => [
      "reply",
      [state, message, failed > 0 && `${times(failed)} in vain`, said].filter(Boolean).join(", "),
    ]),
    ["notice", notice && `${notice.state}: its author was told that no agent could be reached`],
    ["correlation id", correlationId],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function answeredIn({ seenAt, settledAt }: StoryAnswer): string {
  return settledAt === undefined ? "" : `, ${wait(settledAt - seenAt)} after it came`;
}

function times(count: number): string {
  return count === 1 ? "one try" : `${count} tries`;
}
