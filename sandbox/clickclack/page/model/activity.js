import { Observable } from "../observable.js";
import { isSamePlace } from "../route.js";

// ClickClack's own web client renews its typing sign every 4 s, forgets others' after 5 s, and keeps progress for 45 s.
const TYPING_MS = 5_000;
const PROGRESS_MS = 45_000;

/**
 * @typedef {import("../api.js").Place} Place
 * @typedef {{userId: string, place: Place, rootId?: string}} Where
 * @typedef {{id: string, kind: string, text?: string, title?: string, tool_name?: string, status?: string}} Line
 * @typedef {Where & {key: string, lines: Line[]}} Progress
 */

/** What others do right now. All of it is hearsay that must be renewed, or it is forgotten. */
export class Activity {
  typing = new Observable(/** @type {Map<string, Where>} */ (new Map()));
  progress = new Observable(/** @type {Map<string, Progress>} */ (new Map()));
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #timers = new Map();

  /** @param {Where} where */
  startTyping(where) {
    const key = keyOf(where);
    this.typing.update((old) => new Map(old).set(key, where));
    this.#forgetLater(this.typing, key, TYPING_MS);
  }

  /** @param {Where} where */
  stopTyping(where) {
    forget(this.typing, keyOf(where));
  }

  /**
   * Takes in a frame of an agent's progress. Lines are merged by their id, so a later frame may carry less.
   *
   * @param {Where} where
   * @param {{turn_id?: string, op?: string, line?: Partial<Line>}} frame
   */
  takeProgress(where, { turn_id, op, line }) {
    if (!turn_id) return;
    const key = `${where.userId} ${turn_id}`;
    if (op === "clear") return forget(this.progress, key);
    if (!op || !line?.id) return;
    this.progress.update((old) => {
      const lines = old.get(key)?.lines ?? [];
      const known = lines.find(({ id }) => id === line.id);
      const merged = /** @type {Line} */ ({ kind: "commentary", ...known, ...line });
      const isShowable = Boolean(merged.text || merged.title || merged.tool_name);
      if (!isShowable) return old;
      const next = known ? lines.map((one) => (one === known ? merged : one)) : [...lines, merged];
      return new Map(old).set(key, { ...where, key, lines: next });
    });
    this.#forgetLater(this.progress, key, PROGRESS_MS);
  }

  /**
   * @param {Observable<Map<string, any>>} observable
   * @param {string} key
   * @param {number} ms
   */
  #forgetLater(observable, key, ms) {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => forget(observable, key), ms),
    );
  }
}

/** Tells whether something happens in this place, and in this thread if one is given. @param {Where} where @param {Place | undefined} place @param {string} [rootId] */
export function isHere(where, place, rootId) {
  return isSamePlace(where.place, place) && (rootId === undefined || where.rootId === rootId);
}

/** @param {Where} where */
const keyOf = ({ userId, place, rootId }) => `${place.kind} ${place.id} ${rootId ?? ""} ${userId}`;

/** @param {Observable<Map<string, any>>} observable @param {string} key */
function forget(observable, key) {
  if (!observable.value.has(key)) return;
  const rest = new Map(observable.value);
  rest.delete(key);
  observable.set(rest);
}
