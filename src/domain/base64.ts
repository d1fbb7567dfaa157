/** As many bytes at once as fit a call's arguments; divisible by three, so that no padding comes in between. */
const CHUNK_BYTES = 3 * 8192;

/** Standard base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
    text += btoa(String.fromCharCode(...bytes.subarray(from, from + CHUNK_BYTES)));
  return text;
}
