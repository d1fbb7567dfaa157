import { randomUUID } from "node:crypto";
import { readMedia } from "../message/media.ts";
import { send } from "../message/send.ts";
import { collect, type WorkerFlags, withExamples, withWorker, workerOf } from "../options.ts";
import { outputFor } from "../output.ts";
import { EXIT, type Exit, Problem } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { moment } from "../times.ts";
import type { SendAnswer } from "../worker/answers.ts";

interface SendFlags extends WorkerFlags {
  channel?: string;
  target?: string;
  message?: string;
  account?: string;
  replyTo?: string;
  media?: string[];
  idempotencyKey?: string;
  background?: boolean;
}

/** `message send`, OpenClaw's command, and `message show`. */
export const addMessage: AddCommand = (program, host, end) => {
  const message = program.command("message").description("Sends messages as one of the bots.");

  const sending = message
    .command("send")
    .description("Sends a message as one of the bots, as `openclaw message send` does.")
    .option(
      "-t, --target <target>",
      "channel:<name or id>, dm:<user id or @handle> or thread:<message id>; the account's defaultTo otherwise",
    )
    .option("-m, --message <text>", "Markdown; - reads it from stdin")
    .option("--account <id>", "the bot's account; the default account otherwise")
    .option("--reply-to <message id>", "a message to quote, in the same place")
    .option(
      "--media <file or address>",
      "a file to hang on the message, as often as there are some, up to ten",
      collect,
    )
    .option("--idempotency-key <key>", "what makes it safe to ask again; made anew otherwise")
    .option("--background", "do not wait for ClickClack: it is delivered whatever happens meanwhile")
    .option("--channel <name>", "OpenClaw's flag; clickclack is the only one");
  withExamples(
    withWorker(sending),
    'message send --target channel:general --message "hello"',
    'message send --target dm:@ada --message "The report is done." --media report.pdf',
    "message send --target thread:msg_01m8… --message - < notes.md",
    'message send --target channel:ops --message "Deployed." --idempotency-key deploy-1042 --background --json',
  ).action(async (flags: SendFlags) => {
    if (flags.channel !== undefined && flags.channel !== "clickclack")
      throw new Problem(`--channel ${flags.channel}: messages go to ClickClack alone; leave it out`);
    const text = flags.message === "-" ? (await host.input()).trimEnd() : flags.message;
    const media = await readMedia(flags.media ?? [], host.here);
    if (!text?.trim() && media.length === 0)
      throw new Problem("--message: give the text, or a file with --media");
    const body = {
      ...(text?.trim() && { text }),
      ...(flags.target !== undefined && { to: flags.target }),
      ...(flags.account !== undefined && { account: flags.account }),
      ...(flags.replyTo !== undefined && { replyTo: flags.replyTo }),
      ...(media.length > 0 && { media }),
    };
    const output = outputFor(host, flags.json ?? false);
    const { idempotencyKey = randomUUID(), background: isBackground = false } = flags;
    const answer = await send(
      await workerOf(host, flags),
      { body, idempotencyKey, isBackground },
      (problem) => output.note(`${problem.message}; trying again`),
      host.signal,
    );
    output.line(sentence(answer));
    output.json(answer);
  });

  const showing = message
    .command("show")
    .description("Says what became of a send.")
    .argument("<send id>", "snd_…, as `message send` has said it");
  withExamples(withWorker(showing), "message show snd_service_5c…").action(
    async (id: string, flags: WorkerFlags) => {
      const output = outputFor(host, flags.json ?? false);
      const state = await (await workerOf(host, flags)).sendState(id);
      output.line(sentence(state));
      if (state.detail !== undefined) output.line(`  ${state.detail}`);
      if (state.retryAt !== undefined) output.line(`  tried again at ${moment(state.retryAt)}`);
      output.json(state);
      end(exitOf(state));
    },
  );
};

function sentence({
  state,
  id,
  messageId,
  to,
  account,
  code,
}: SendAnswer & { code?: string | undefined }): string {
  switch (state) {
    case "sent":
      return `${messageId} sent to ${to} as ${account} (${id})`;
    case "failed":
      return `failed to go to ${to} as ${account}: ${code} (${id})`;
    default:
      return `accepted for ${to} as ${account}; "message show ${id}" says what became of it`;
  }
}

function exitOf({ state }: SendAnswer): Exit {
  return state === "failed" ? EXIT.failed : EXIT.ok;
}
