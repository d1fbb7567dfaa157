import { readMessageLink } from "../../src/domain/message-link.ts";
import { type WorkerFlags, withExamples, withWorker, workerOf } from "../options.ts";
import { outputFor } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { factsOf, type Tale, taleOf } from "../why/tale.ts";
import { meaningsOf } from "../why/unknown.ts";
import type { StoryAnswer } from "../worker/answers.ts";
import type { WorkerClient } from "../worker.ts";

interface WhyFlags extends WorkerFlags {
  account?: string;
}

/** Answers of an account that is no account of this message's. */
const NOT_ITS = ["message_not_found", "not_configured"];

/** `why`: what became of a message. */
export const addWhy: AddCommand = (program, host, end) => {
  const why = program
    .command("why")
    .description("Says why a message got an answer or none. Ends with code 1 when no account was told of it.")
    .argument("<message>", "its id (msg_…), ClickClack's link to it, or a slash command's trigger id (sci_…)")
    .option("--account <id>", "the account that should know; all are asked otherwise");
  withExamples(
    withWorker(why),
    "why msg_01m87v6kvj5wc3std1c9j8fn2w",
    "why 'https://chat.example.com/app/T01KR3EXAMP7E1234/M01KR3EXAMP7E1234'",
  ).action(async (written: string, flags: WhyFlags) => {
    const named = readMessageLink(written);
    if (named === undefined)
      throw new Problem(`${written} is no message; give its id (msg_…), or the link that "Copy link" gives`);
    const message = "id" in named ? named.id : `${named.workspaceRoute}/${named.route}`;
    const worker = await workerOf(host, flags);
    const asked =
      flags.account === undefined
        ? (await worker.accounts()).accounts
        : [await worker.account(flags.account)];
    const told = await Promise.all(asked.map(({ id }) => storyIn(worker, id, message)));
    const stories = told.flatMap((one) => (one === undefined || one instanceof Problem ? [] : [one]));
    stories.sort((a, b) => Number(b.state === "answered") - Number(a.state === "answered"));
    // One that cannot look up a link hides nothing that another one knows.
    const problem = told.find((one) => one instanceof Problem);
    if (stories.length === 0 && problem !== undefined) throw problem;

    const output = outputFor(host, flags.json ?? false);
    for (const [at, story] of stories.entries()) {
      if (at > 0) output.line();
      for (const line of linesOf(story)) output.line(line);
    }
    if (stories.length > 0) return output.json({ message, stories });
    const meanings = meaningsOf("id" in named ? named.id : undefined, asked, Date.now());
    output.line(`No account was told of ${message}. That can mean:`);
    for (const meaning of meanings) output.line(`  - ${meaning}`);
    output.json({ message, stories, meanings });
    end(EXIT.failed);
  });
};

/** @returns undefined where it is not known */
async function storyIn(
  worker: WorkerClient,
  account: string,
  message: string,
): Promise<(StoryAnswer & Tale & { account: string }) | Problem | undefined> {
  try {
    const story = await worker.story(account, message);
    return { account, ...taleOf(story), ...story };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.code !== undefined && NOT_ITS.includes(error.code) ? undefined : error;
  }
}

function linesOf({ account, verdict, mend, ...story }: StoryAnswer & Tale & { account: string }): string[] {
  const facts = factsOf(story);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${story.message} in ${story.conversation}, account ${account}`,
    `  ${verdict}`,
    ...(mend === undefined ? [] : [`  → ${mend}`]),
    "",
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`),
  ];
}
