/** A body whose bytes come in the pieces given. */
export function bodyOf(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
}

/** A body that breaks after the text given. */
export function brokenAfter(text: string): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream(
    {
      pull(controller) {
        if (sent) controller.error(new Error("Network connection lost."));
        else controller.enqueue(new TextEncoder().encode(text));
        sent = true;
      },
    },
    { highWaterMark: 0 },
  );
}

/** A body that says what is given, and then nothing more for ever. */
export function silentAfter(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) });
}

const RUN = { id: "chatcmpl_1", object: "chat.completion.chunk" };

/** Frames of a streamed completion as OpenClaw sends them. */
export const frame = {
  role: data({ ...RUN, choices: [{ index: 0, delta: { role: "assistant" }, finish_reason: null }] }),
  text: (content: string) =>
    data({ ...RUN, choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  finish: (reason = "stop") => data({ ...RUN, choices: [{ index: 0, delta: {}, finish_reason: reason }] }),
  error: (message: string, type: string) => data({ error: { message, type } }),
  done: "data: [DONE]\n\n",
};

/** A whole streamed answer. */
export function streamed(text: string): string {
  return `${frame.role}${text === "" ? "" : frame.text(text)}${frame.finish()}${frame.done}`;
}

function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
