import type * as z from "zod";
import { request } from "../../src/clickclack/request.ts";
import { AnyAnswer, MembersAnswer, type User } from "../../src/clickclack/wire.ts";
import type { CallbackKind } from "../../src/config/types.ts";
import { PAGE_MAX } from "../../src/limits.ts";
import type { Remote } from "../../src/remote/headers.ts";
import * as answers from "./answers.ts";

/** Where ClickClack keeps each kind. */
const HOME: Record<CallbackKind, string> = { events: "event-subscriptions", commands: "slash-commands" };

/**
 * ClickClack's management of callbacks, as an owner or a moderator of the workspace may use it; a bot may not. Every
 * method throws a ClickClackError.
 */
export class Manager {
  readonly #remote: Remote;

  /** @param remote ClickClack, with a person's session for its token */
  constructor(remote: Remote) {
    this.#remote = remote;
  }

  async workspaces(): Promise<answers.ManagedWorkspace[]> {
    return (await this.#get("workspaces", "/api/workspaces", answers.WorkspacesAnswer)).workspaces;
  }

  async bots(workspaceId: string): Promise<User[]> {
    const path = `${workspacePath(workspaceId)}/members`;
    const bots: User[] = [];
    for (let cursor = ""; ; ) {
      const query = { role: "bot", limit: String(PAGE_MAX), ...(cursor !== "" && { cursor }) };
      const page = await this.#get("members", path, MembersAnswer, query);
      bots.push(...page.members.map(({ user }) => user));
      if (!page.has_more || !page.next_cursor) return bots;
      cursor = page.next_cursor;
    }
  }

  /** Those in force, oldest first: ids are made in order. */
  async subscriptions(workspaceId: string): Promise<answers.Subscription[]> {
    const path = listPath(workspaceId, "events");
    const { event_subscriptions } = await this.#get("subscriptions", path, answers.SubscriptionsAnswer);
    return event_subscriptions.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async subscribe(
    workspaceId: string,
    callbackUrl: string,
    eventTypes: readonly string[],
  ): Promise<answers.Subscription> {
    const body = { callback_url: callbackUrl, event_types: eventTypes };
    const path = listPath(workspaceId, "events");
    return (await this.#post("subscribe", path, answers.SubscriptionAnswer, body)).event_subscription;
  }

  async commands(workspaceId: string): Promise<answers.SlashCommand[]> {
    const path = listPath(workspaceId, "commands");
    return (await this.#get("commands", path, answers.SlashCommandsAnswer)).slash_commands;
  }

  async register(
    workspaceId: string,
    order: { command: string; callbackUrl: string; botUserId: string; description: string },
  ): Promise<answers.SlashCommand> {
    const body = {
      command: order.command,
      description: order.description,
      callback_url: order.callbackUrl,
      bot_user_id: order.botUserId,
    };
    const path = listPath(workspaceId, "commands");
    return (await this.#post("register", path, answers.SlashCommandAnswer, body)).slash_command;
  }

  /** @returns the new secret; the one before is dead from now on */
  rotate(kind: CallbackKind, id: string): Promise<string> {
    return this.#post("rotate", `${itemPath(kind, id)}/rotate-secret`, answers.RotatedAnswer);
  }

  async revoke(kind: CallbackKind, id: string): Promise<void> {
    await this.#post("revoke", `${itemPath(kind, id)}/revoke`, AnyAnswer);
  }

  /** @returns the status that a subscription's last call was answered with, 0 for no answer; undefined without a call */
  async lastStatus(subscriptionId: string): Promise<number | undefined> {
    const path = `${itemPath("events", subscriptionId)}/deliveries`;
    const page = await this.#get("deliveries", path, answers.DeliveriesAnswer, { limit: "1" });
    return page.deliveries[0]?.response_status;
  }

  #get<Answer>(
    operation: string,
    path: string,
    answer: z.core.$ZodType<Answer>,
    query: Record<string, string> = {},
  ): Promise<Answer> {
    return request(this.#remote, { operation, method: "GET", path, query, answer });
  }

  #post<Answer>(
    operation: string,
    path: string,
    answer: z.core.$ZodType<Answer>,
    body: unknown = {},
  ): Promise<Answer> {
    return request(this.#remote, { operation, method: "POST", path, body, answer });
  }
}

function workspacePath(workspaceId: string): string {
  return `/api/workspaces/${encodeURIComponent(workspaceId)}`;
}

function listPath(workspaceId: string, kind: CallbackKind): string {
  return `${workspacePath(workspaceId)}/${HOME[kind]}`;
}

function itemPath(kind: CallbackKind, id: string): string {
  return `/api/${HOME[kind]}/${encodeURIComponent(id)}`;
}
