import { vi } from "vitest";

/** A request as it would have gone out. */
export interface Seen {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
  redirect: string | undefined;
  signal: AbortSignal;
}

let seen: Seen[] = [];

/** The requests since the last {@link answerWith}. */
export function requestsSeen(): readonly Seen[] {
  return seen;
}

/**
 * Answers every `fetch` from here on. As the real one does, it ends with the signal of the request, the body of an answer
 * that is under way included.
 *
 * @param answer an error to fail with; "never" for no answer at all
 */
export function answerWith(answer: Response | Error | "never"): void {
  seen = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const signal = init?.signal ?? new AbortController().signal;
    seen.push({
      url: String(input),
      method: init?.method ?? "GET",
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: init?.body ?? undefined,
      redirect: init?.redirect,
      signal,
    });
    if (answer instanceof Error) throw answer;
    if (answer === "never") return new Promise((_resolve, reject) => whenAborted(signal, reject));
    return answer.body === null ? answer : new Response(endingWith(signal, answer.body), answer);
  });
}

function whenAborted(signal: AbortSignal, tell: (reason: unknown) => void): void {
  signal.addEventListener("abort", () => tell(signal.reason), { once: true });
}

function endingWith(signal: AbortSignal, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      start: (controller) => whenAborted(signal, (reason) => controller.error(reason)),
      pull: async (controller) => {
        const { done, value } = await reader.read();
        if (signal.aborted) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
