import { createHash } from "node:crypto";

// The sending half of RFC 6455. ClickClack never reads its sockets, answers no ping and no close frame, and a WebSocket
// library would do both by itself; what is left to do by hand is little.

const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE_TEXT = 0x1;
const OPCODE_CLOSE = 0x8;
const FINAL = 0x80;

/** Returns what a server proves with that it understood the handshake (RFC 6455, section 4.2.2). */
export function acceptKey(key: string): string {
  return createHash("sha1")
    .update(key + HANDSHAKE_GUID)
    .digest("base64");
}

/** Returns a text as one unfragmented, uncompressed frame. */
export function textFrame(text: string): Buffer {
  return frame(OPCODE_TEXT, Buffer.from(text));
}

/** Returns a close frame. */
export function closeFrame(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return frame(OPCODE_CLOSE, Buffer.concat([payload, Buffer.from(reason)]));
}

function frame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([FINAL | opcode]), lengthBytes(payload.length), payload]);
}

function lengthBytes(length: number): Buffer {
  if (length < 126) return Buffer.from([length]);
  if (length < 65_536) return Buffer.from([126, length >> 8, length & 0xff]);
  const bytes = Buffer.alloc(9);
  bytes[0] = 127;
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
