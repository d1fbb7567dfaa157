import { Asker } from "./ask.ts";
import { AskedReader } from "./asked.ts";
import { Asking } from "./asking.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { LateFiles } from "./late-files.ts";
import { Memories } from "./memory.ts";
import type { Outage } from "./outage.ts";
import { OwnCommands, type WaitingLine } from "./own-commands.ts";
import type { Replies } from "./reply.ts";
import { TurnRunner } from "./turn.ts";

/** What answering stands on beside the tables. */
export interface AnsweringTools {
  directory: Directory;
  outage: Outage;
  replies: Replies;
  lateFiles: LateFiles;
  line(): WaitingLine;
}

/** All that takes an admitted message to its end, wired together. */
export function answering(
  context: AccountContext,
  { directory, outage, replies, lateFiles, line }: AnsweringTools,
): { asked: AskedReader; runner: TurnRunner } {
  const asked = new AskedReader(context, directory);
  const memories = new Memories(context, directory);
  const asking = new Asking(context, new Asker(context, directory, memories), outage, lateFiles);
  const commands = new OwnCommands(context, { memories, replies, asking, outage, line });
  const runner = new TurnRunner(context, { asked, asking, commands, outage, replies });
  return { asked, runner };
}
