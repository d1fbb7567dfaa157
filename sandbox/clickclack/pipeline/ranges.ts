import { type Answer, text } from "./answer.ts";

const RANGES = /^bytes=\s*(.*)$/;
const RANGE = /^\s*(\d*)-(\d*)\s*$/;

/**
 * Returns an answer of bytes, or of the one run of them that is asked for, as Go's file server gives it. Several runs at
 * once are not made out: all of it is given.
 *
 * @param range the header, if it was sent
 */
export function bytes(
  all: Buffer,
  range: string | undefined,
  headers: Readonly<Record<string, string>>,
): Answer {
  const whole = { status: 200, headers: { ...headers, "Accept-Ranges": "bytes" }, body: all };
  if (range === undefined || range === "" || range.includes(",")) return whole;
  const [, first = "", last = ""] = RANGE.exec(RANGES.exec(range)?.[1] ?? "") ?? [];
  const isBackwards = first !== "" && last !== "" && Number(first) > Number(last);
  if (isBackwards || first + last === "") return unsatisfiable(headers, "invalid range");
  const start = first === "" ? Math.max(0, all.length - Number(last)) : Number(first);
  const end = first === "" || last === "" ? all.length : Math.min(all.length, Number(last) + 1);
  if (start >= all.length) {
    const size = { "Content-Range": `bytes */${all.length}` };
    return unsatisfiable({ ...headers, ...size }, "invalid range: failed to overlap");
  }
  const part = { "Content-Range": `bytes ${start}-${end - 1}/${all.length}` };
  return { status: 206, headers: { ...whole.headers, ...part }, body: all.subarray(start, end) };
}

function unsatisfiable(headers: Readonly<Record<string, string>>, reason: string): Answer {
  const { "Content-Type": _type, "Last-Modified": _time, ...others } = headers;
  return text(416, `${reason}\n`, others);
}
