import * as z from "zod/mini";

/*
 * What is read of the gateway's own sections. The gateway checks them; a shape that is not known here, of a version to
 * come, must not keep the document from loading, and is read as unset.
 */

function lenient<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.catch(z.optional(schema), undefined);
}

const text = lenient(z.string());
const texts = lenient(z.array(z.string()));
const flag = lenient(z.boolean());
/** Only looked at for being there. */
const anything = z.optional(z.unknown());
const positive = lenient(z.number().check(z.positive()));
/** OpenClaw takes the whole part. */
const positiveWhole = lenient(
  z.pipe(
    z.number().check(z.minimum(1)),
    z.transform((value) => Math.floor(value)),
  ),
);

/** `channels.defaults` */
export const channelDefaultsSchema = lenient(
  z.looseObject({
    botLoopProtection: lenient(
      z.looseObject({
        enabled: flag,
        maxEventsPerWindow: positiveWhole,
        windowSeconds: positiveWhole,
        cooldownSeconds: positiveWhole,
      }),
    ),
  }),
);

const groupChat = lenient(z.looseObject({ mentionPatterns: texts }));

/** `messages` */
export const messagesSchema = lenient(z.looseObject({ responsePrefix: text, groupChat }));
export type MessagesSettings = z.infer<typeof messagesSchema>;

const agent = lenient(
  z.looseObject({
    /** In `list`; in `entries` the key is the id. */
    id: text,
    default: flag,
    identity: lenient(z.looseObject({ name: text, emoji: text })),
    groupChat,
  }),
);
export type AgentSettings = NonNullable<z.infer<typeof agent>>;

/** `agents`. OpenClaw 2026.9 writes `entries`; `list` is the older form, and `entries` goes before it. */
export const agentsSchema = lenient(
  z.looseObject({
    ownership: text,
    defaults: lenient(
      z.looseObject({ mediaMaxMb: positive, systemAgent: lenient(z.looseObject({ agentId: text })) }),
    ),
    entries: lenient(z.record(z.string(), agent)),
    list: lenient(z.array(agent)),
  }),
);
export type AgentsSettings = z.infer<typeof agentsSchema>;

const binding = lenient(
  z.looseObject({
    type: text,
    agentId: text,
    match: lenient(
      z.looseObject({
        channel: text,
        accountId: text,
        peer: anything,
        guildId: anything,
        teamId: anything,
        roles: anything,
      }),
    ),
    session: anything,
  }),
);

/** `bindings` */
export const bindingsSchema = lenient(z.array(binding));
export type BindingsSettings = z.infer<typeof bindingsSchema>;
