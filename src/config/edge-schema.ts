import * as z from "zod/mini";
import { durationMs } from "../domain/duration.ts";
import { choice, duration, flag, OBJECT, secret, text } from "./schema-parts.ts";

const accessToken = z.optional(z.strictObject({ clientId: secret, clientSecret: secret }, OBJECT));
export type AccessSettings = NonNullable<z.infer<typeof accessToken>>;

const edgeAccount = z.strictObject(
  {
    inbound: choice("realtime", "callbacks", "both"),
    eventsSecret: secret,
    commandsSecret: secret,
    acknowledgement: text,
  },
  OBJECT,
);
export type EdgeAccountSettings = z.infer<typeof edgeAccount>;

/** Far less than what was seen is remembered for, or a replay could come when its first time is forgotten. */
const CALLBACK_WINDOW_MAX_MS = 3_600_000;
/** ClickClack's largest page of messages. */
const GROUP_CONTEXT = { error: "use a whole number of messages, 0 to 200" };
/** A host name or an IP address, with a port or without. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const HOST = { error: 'use a host such as "files.example.com" or "10.0.0.5:8080"' };
const SWEEP_SECONDS = { error: "use a whole number of seconds, 1 to 3600" };

/** The section that only this adapter has. */
export const edgeSchema = z.strictObject(
  {
    accounts: z.optional(z.record(z.string(), edgeAccount, OBJECT)),
    sweepSeconds: z.optional(
      z.int(SWEEP_SECONDS).check(z.minimum(1, SWEEP_SECONDS), z.maximum(3600, SWEEP_SECONDS)),
    ),
    callbackWindow: duration.check(
      z.refine(
        (text) => text === undefined || (durationMs(text) ?? 0) <= CALLBACK_WINDOW_MAX_MS,
        'use a duration with its unit, up to "1h": a request that is older is a recording',
      ),
    ),
    access: z.optional(z.strictObject({ clickclack: accessToken, gateway: accessToken }, OBJECT)),
    maxMessageAge: duration,
    threadSessions: choice("channel", "thread"),
    groupContext: z.optional(
      z.int(GROUP_CONTEXT).check(z.minimum(0, GROUP_CONTEXT), z.maximum(200, GROUP_CONTEXT)),
    ),
    mediaHosts: z.optional(
      z.array(z.string(HOST).check(z.regex(HOST_NAME, HOST)), { error: "use a list of hosts" }),
    ),
    notice: z.optional(z.strictObject({ enabled: flag, after: duration, text }, OBJECT)),
  },
  OBJECT,
);
export type EdgeSettings = z.infer<typeof edgeSchema>;
