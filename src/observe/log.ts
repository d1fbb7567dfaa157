import type { DropReason } from "../domain/admission.ts";

/** Everything that is ever logged: ids, words and numbers, never a message's text or a secret. */
export type LogEvent =
  | { event: "config:broken"; faults: number; paths: string[] }
  | { event: "link:first_start"; account: string; cursor: string }
  | { event: "link:linked"; account: string; cursor: string }
  | { event: "link:lost"; account: string; code: number; reason: string }
  | { event: "link:refused"; account: string; reason: string; error: string; retryInMs: number }
  | { event: "link:resync"; account: string; from: string; to: string; complete: boolean }
  | { event: "link:deaf"; account: string; missed: number }
  | { event: "sweep:repaired"; account: string; messages: number }
  | { event: "sweep:failed"; account: string; error: string }
  | { event: "event:unreadable"; account: string; road: string; error: string }
  | { event: "message:dropped"; account: string; message: string; reason: DropReason }
  | { event: "message:dead"; account: string; message: string; error: string }
  | { event: "turn:started"; account: string; message: string; conversation: string; attempt: number }
  | { event: "turn:answered"; account: string; message: string; reply: string }
  | { event: "turn:silent"; account: string; message: string; reason: string }
  | { event: "turn:cancelled"; account: string; message: string; reason: string }
  | { event: "turn:retry"; account: string; message: string; error: string; retryInMs: number }
  | { event: "turn:dead"; account: string; message: string; error: string }
  | { event: "send:sent"; account: string; send: string; message: string }
  | { event: "send:failed"; account: string; send: string; error: string }
  | { event: "typing:failed"; account: string; error: string }
  | { event: "cleanup:done"; account: string; rows: number }
  | { event: "step:failed"; account: string; message: string; error: string }
  | { event: "account:failed"; account: string; error: string }
  | { event: "alarm:failed"; account: string; error: string }
  | { event: "http:failed"; path: string; error: string };

/** Writes one structured line. */
export function log(event: LogEvent): void {
  console.log(JSON.stringify(event));
}
