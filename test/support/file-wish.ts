/** How a file is answered for. */
export interface FileWish {
  content?: string;
  /** So many bytes instead of a content. */
  bytes?: number;
  /** Null for none. */
  type?: string | null;
  status?: number;
  headers?: Record<string, string>;
  /** Whether it is compressed on its way, unasked. */
  gzip?: boolean;
  /** Whether its length is not said. */
  chunked?: boolean;
  /** The connection breaks after so many bytes. */
  breaksAfter?: number;
  /** How many requests for it are answered with 503 first. */
  failsFirst?: number;
  /** Takes the request and never answers. */
  hangs?: boolean;
  /** Is answered once so many are waiting for files of the same folder, and a moment later, so that more could come. */
  peers?: number;
}
