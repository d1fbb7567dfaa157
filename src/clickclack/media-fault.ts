/** What is wrong with a file that is to be brought along. The words are the API's error codes and stable. */
export type MediaFaultCode = "media_not_allowed" | "media_unavailable" | "media_too_large" | "media_type";

/** A fault as plain data, because it crosses RPC. */
export interface MediaProblem {
  code: MediaFaultCode;
  /** For the caller to read, and for the log: nothing of the address stands in it, which may hold a token. */
  detail: string;
  /** Whether it stays so, however often it is tried again. */
  isFinal: boolean;
  /** What the file's server asked for, milliseconds. */
  retryAfterMs?: number;
}

/** A file that cannot be had, which is no fault of ClickClack's. */
export class MediaFault extends Error {
  override readonly name = "MediaFault";
  readonly problem: MediaProblem;

  constructor(code: MediaFaultCode, detail: string, more: { isFinal?: boolean; retryAfterMs?: number } = {}) {
    super(detail);
    const { isFinal = true, retryAfterMs } = more;
    this.problem = { code, detail, isFinal, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}
