/** One event of a stream of Server-Sent Events; signs of life are empty. */
export interface ServerSentEvent {
  id?: string;
  data?: string;
}

/**
 * Reads Server-Sent Events, as far as the Worker writes them: an id and one line of data, or a comment.
 *
 * @throws what the body throws
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) yield fieldsOf(event);
  }
}

function fieldsOf(event: string): ServerSentEvent {
  const fields: ServerSentEvent = {};
  for (const line of event.split("\n")) {
    if (line.startsWith("id: ")) fields.id = line.slice(4);
    if (line.startsWith("data: ")) fields.data = line.slice(6);
  }
  return fields;
}
