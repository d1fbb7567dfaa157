/** As many bytes at once as fit a call's arguments; divisible by three, so that no padding comes in between. */
const CHUNK_BYTES = 3 * 8192;

/** Standard base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
    text += btoa(String.fromCharCode(...bytes.subarray(from, from + CHUNK_BYTES)));
  return text;
}

/** The bytes of a standard base64 text, with padding or without; undefined when it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}
