/** What makes ClickClack call somebody: an event subscription or a slash command. */
export interface CallbackOwner {
  readonly id: string;
  readonly workspace_id: string;
  readonly callback_url: string;
  signing_secret: string;
  readonly created_by: string;
  readonly created_at: string;
  /** Empty while it is in force. */
  revoked_at: string;
}

export interface EventSubscriptionRow extends CallbackOwner {
  /** Names of durable events, or `*` for all of them. */
  readonly event_types: readonly string[];
}

export interface SlashCommandRow extends CallbackOwner {
  /** Lowercase, with its slash. */
  readonly command: string;
  readonly description: string;
  /** Who says what the callback answers. */
  readonly bot_user_id: string;
}

/** A callback of a subscription that came to its end, whichever. ClickClack calls it an attempt, and makes only one. */
export interface DeliveryRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly event_id: string;
  readonly workspace_id: string;
  readonly event_type: string;
  readonly request_json: string;
  /** 0 when nothing was answered. */
  readonly response_status: number;
  readonly response_body: string;
  /** Empty when it was answered with a 2xx. */
  readonly error: string;
  readonly created_at: string;
}
