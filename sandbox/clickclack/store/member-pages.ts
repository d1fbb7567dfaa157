import { badRequest, forbidden } from "../errors.ts";
import { byCodePoint } from "../rules/text.ts";
import { findMember } from "./members.ts";
import type { Store } from "./store.ts";
import type { MemberRow, Role, UserRow } from "./tables.ts";

const ROLES: readonly Role[] = ["owner", "moderator", "member", "bot", "guest"];
const CURSOR_VERSION = 1;

/** Which members are asked for. */
export interface MemberQuery {
  /** 1 to 200. */
  readonly limit: number;
  /** Lowercase; a part of a name or a handle. */
  readonly search: string;
  readonly role: string;
  readonly cursor: string;
}

/** Members by role, name, handle and id; the counts come with the first page only. */
export interface MemberPage {
  readonly members: readonly { readonly member: MemberRow; readonly user: UserRow }[];
  readonly next_cursor: string | undefined;
  readonly has_more: boolean;
  readonly total_count: number | undefined;
  readonly total_by_role: Readonly<Record<Role, number>> | undefined;
}

type SortKey = readonly [role: number, name: string, handle: string, id: string];

/**
 * Returns a page of a workspace's members. It is the only way to look somebody up.
 *
 * @throws ApiError 400 for a role or a cursor that is none, 403 when the caller is no member
 */
export function memberPage(
  store: Store,
  workspaceId: string,
  callerId: string,
  query: MemberQuery,
): MemberPage {
  if (query.role !== "" && !ROLES.some((role) => role === query.role))
    throw invalidPage(": invalid role filter");
  const after = query.cursor === "" ? undefined : decodeCursor(query);
  if (findMember(store, workspaceId, callerId) === undefined) throw forbidden("moderation restriction");
  const all = [...(store.members.get(workspaceId)?.values() ?? [])].flatMap((member) => {
    const user = store.users.get(member.user_id);
    return user === undefined ? [] : [{ member, user, key: sortKey(member, user) }];
  });
  const matching = all
    .filter(
      ({ member, key }) => (query.role === "" || member.role === query.role) && matches(key, query.search),
    )
    .sort((a, b) => compareKeys(a.key, b.key));
  const rest = after === undefined ? matching : matching.filter(({ key }) => compareKeys(key, after) > 0);
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  const isFirst = after === undefined;
  const isWhole = isFirst && query.search === "" && query.role === "";
  return {
    members: page,
    next_cursor: hasMore && last !== undefined ? encodeCursor(last.key, query) : undefined,
    has_more: hasMore,
    total_count: isFirst ? matching.length : undefined,
    total_by_role: isWhole ? countRoles(all.map(({ member }) => member.role)) : undefined,
  };
}

function matches([, name, handle]: SortKey, search: string): boolean {
  return search === "" || name.includes(search) || handle.includes(search);
}

function sortKey(member: MemberRow, user: UserRow): SortKey {
  return [ROLES.indexOf(member.role), user.display_name.toLowerCase(), user.handle.toLowerCase(), user.id];
}

function compareKeys(a: SortKey, b: SortKey): number {
  return a[0] - b[0] || byCodePoint(a[1], b[1]) || byCodePoint(a[2], b[2]) || byCodePoint(a[3], b[3]);
}

function countRoles(roles: readonly Role[]): Record<Role, number> {
  const counts: Record<Role, number> = { owner: 0, moderator: 0, member: 0, bot: 0, guest: 0 };
  for (const role of roles) counts[role]++;
  return counts;
}

function encodeCursor([r, n, h, u]: SortKey, { search, role }: MemberQuery): string {
  const cursor = { v: CURSOR_VERSION, r, n, h, u, q: search || undefined, role: role || undefined };
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function decodeCursor({ cursor, search, role }: MemberQuery): SortKey {
  let decoded: Record<string, unknown>;
  try {
    decoded = JSON.parse(Buffer.from(cursor, "base64url").toString()) as Record<string, unknown>;
  } catch {
    throw invalidPage(": malformed cursor");
  }
  const { v, r, n, h, u } = decoded;
  if (v !== CURSOR_VERSION || typeof r !== "number" || typeof u !== "string")
    throw invalidPage(": malformed cursor");
  if ((decoded.q ?? "") !== search || (decoded.role ?? "") !== role) throw invalidPage("");
  return [r, String(n), String(h), u];
}

function invalidPage(detail: string): Error {
  return badRequest(`invalid workspace member page request${detail}`);
}
