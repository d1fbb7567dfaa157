/** A form with one file, but for the file itself. */
export interface Frame {
  /** Of the whole form. */
  contentType: string;
  /** What stands before the file. */
  head: Uint8Array;
  /** What stands behind it. */
  tail: Uint8Array;
}

/**
 * What is around a file in `multipart/form-data`, as browsers write it. By hand, because a `FormData` would need the file
 * in memory.
 *
 * @param filename of any characters
 * @param contentType without line breaks
 */
export function frameOf(filename: string, contentType: string): Frame {
  const boundary = `clickclack-edge-${crypto.randomUUID()}`;
  const name = filename.replace(/["\r\n]/g, encodeURIComponent);
  const encoder = new TextEncoder();
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: encoder.encode(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${contentType}\r\n\r\n`,
    ),
    tail: encoder.encode(`\r\n--${boundary}--\r\n`),
  };
}
