import type { CallbackKind, SigningSecrets } from "../config/types.ts";
import type { DropReason } from "../domain/admission.ts";
import type { Uncovered } from "../domain/resync.ts";

/** What one account logs: ids, words and numbers, never a message's text or a secret. `reason` is a word of a known few. */
export type AccountEvent =
  | { event: "link:first_start"; cursor: string }
  | { event: "link:linked"; cursor: string }
  | { event: "link:sweeping"; cursor: string }
  | { event: "link:lost"; code: number; said: string }
  | { event: "link:refused"; reason: string; error: string; retryInMs: number }
  | {
      event: "link:resync";
      from: string;
      to: string;
      /** False when event pages are left to read after `to`. */
      complete: boolean;
      /** Messages that no other road had brought. */
      messages: number;
      /** Absent when the event log was whole. */
      uncovered?: Uncovered[];
    }
  | { event: "link:deaf"; missed: number }
  | { event: "sweep:repaired"; messages: number }
  | { event: "sweep:failed"; error: string }
  | { event: "event:unreadable"; road: string; error: string }
  /** `reason` is the secret that it was signed with, so that a rotation can be watched. */
  | { event: "callback:taken"; kind: CallbackKind; reason: keyof SigningSecrets }
  | { event: "message:dropped"; message: string; reason: DropReason }
  | { event: "message:dead"; message: string; reason: string; error: string }
  | { event: "turn:started"; message: string; conversation: string; attempt: number }
  /** It is asked again, with a file that was attached meanwhile. */
  | { event: "turn:renewed"; message: string }
  | { event: "files:unseen"; message: string; error: string }
  | { event: "turn:answered"; message: string; reply: string }
  | { event: "turn:silent"; message: string; reason: string }
  | { event: "turn:cancelled"; message: string; reason: string }
  | { event: "turn:waiting"; message: string }
  | { event: "turn:retry"; message: string; reason: string; error: string; retryInMs: number }
  | { event: "turn:dead"; message: string; reason: string; error: string }
  | { event: "gateway:away"; reason: string; error: string }
  | { event: "gateway:back"; lastedMs: number }
  | { event: "dead:retried"; message: string }
  | { event: "dead:discarded"; message: string }
  | { event: "notice:sent"; message: string }
  | { event: "notice:failed"; message: string; error: string }
  | { event: "send:accepted"; send: string }
  | { event: "send:retry"; send: string; error: string; retryInMs: number }
  | { event: "send:sent"; send: string; message: string }
  | { event: "send:failed"; send: string; reason: string; error: string }
  | { event: "typing:failed"; error: string }
  | { event: "menu:published"; commands: number }
  | { event: "menu:failed"; error: string }
  | { event: "progress:failed"; error: string }
  | { event: "name:failed"; error: string }
  | { event: "context:failed"; message: string; error: string }
  | { event: "cleanup:done"; rows: number }
  | { event: "duty:failed"; duty: string; error: string }
  | { event: "step:failed"; message: string; error: string };

/** What is logged outside an account, or about one that could not speak for itself. */
export type WorkerEvent =
  | { event: "config:broken"; faults: number; paths: string[] }
  /** Something that is passed over and keeps nothing from working. */
  | { event: "config:warned"; path: string; found: string; mend: string }
  | { event: "account:failed"; account: string; error: string }
  /** `account` as the path has it, when there is none of that name. */
  | { event: "callback:refused"; account: string; kind: CallbackKind; reason: string }
  | { event: "alarm:failed"; account: string; error: string }
  | { event: "http:failed"; path: string; error: string };

/** Everything that is ever logged. */
export type LogEvent = WorkerEvent | (AccountEvent & { account: string });

/** Writes one structured line. */
export function log(event: LogEvent): void {
  console.log(JSON.stringify(event));
}
