import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, text } from "./answer.ts";

/** What can go wrong between a client and ClickClack. */
export type Fault =
  | { readonly kind: "delay"; readonly ms: number }
  /** The request is taken and never answered. */
  | { readonly kind: "hang" }
  /** The connection breaks before anything happens. */
  | { readonly kind: "drop" }
  /** Everything happens, and then the connection breaks: the lost 201. */
  | { readonly kind: "drop_after_commit" }
  /** Something before ClickClack answers, with these words. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Something before ClickClack answers with a page. */
  | { readonly kind: "html"; readonly status: number };

/** Which requests a fault meets; everything given must hold. */
export interface FaultTarget {
  /** A workspace of the caller's. */
  readonly workspace_id?: string | undefined;
  /** The caller, usually a bot. */
  readonly user_id?: string | undefined;
  readonly method?: string | undefined;
  /** A regular expression over the path. */
  readonly path?: string | undefined;
}

/** A fault that waits for its requests. */
export interface FaultRule extends FaultTarget {
  readonly id: string;
  readonly fault: Fault;
  /** How many requests it meets. */
  readonly times: number;
  /** How many it has met. */
  fired: number;
}

/** A request as far as faults look at it. */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly userId: string;
  readonly workspaceIds: readonly string[];
}

/** How a request ends: with an answer, with a broken connection or not at all. */
export type Outcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "drop" }
  | { readonly kind: "hang" };

/** The faults that tests have ordered. */
export class Faults {
  readonly #rules = new Map<string, FaultRule>();
  #count = 0;

  /** Adds a fault for the next `times` requests that it fits. */
  add(target: FaultTarget, fault: Fault, times: number): FaultRule {
    this.#count++;
    const rule = { id: `fault_${this.#count}`, ...target, fault, times, fired: 0 };
    this.#rules.set(rule.id, rule);
    return rule;
  }

  /** Returns the faults there are, spent ones as well. */
  list(): FaultRule[] {
    return [...this.#rules.values()];
  }

  /** Removes the faults that fit, spent ones as well, and returns how many they were. */
  remove(fits: (rule: FaultRule) => boolean): number {
    const fitting = this.list().filter(fits);
    for (const { id } of fitting) this.#rules.delete(id);
    return fitting.length;
  }

  /** Returns the first fault that a request meets, and counts it as met. */
  take(subject: FaultSubject): Fault | undefined {
    const rule = this.list().find(
      (candidate) => candidate.fired < candidate.times && meets(candidate, subject),
    );
    if (rule === undefined) return undefined;
    rule.fired++;
    return rule.fault;
  }
}

/** Runs a request under a fault, or as it should be. This is the one place where faults happen. */
export async function underFault(fault: Fault | undefined, run: () => Promise<Answer>): Promise<Outcome> {
  switch (fault?.kind) {
    case "hang":
    case "drop":
      return { kind: fault.kind };
    case "drop_after_commit":
      await run();
      return { kind: "drop" };
    case "status":
      return { kind: "answer", answer: edgeAnswer(fault) };
    case "html":
      return { kind: "answer", answer: htmlAnswer(fault.status) };
    case "delay":
      await sleep(fault.ms);
      break;
  }
  return { kind: "answer", answer: await run() };
}

function meets(target: FaultTarget, subject: FaultSubject): boolean {
  return (
    (target.user_id === undefined || target.user_id === subject.userId) &&
    (target.workspace_id === undefined || subject.workspaceIds.includes(target.workspace_id)) &&
    (target.method === undefined || target.method === subject.method) &&
    (target.path === undefined || new RegExp(target.path).test(subject.path))
  );
}

function edgeAnswer({ status, body, headers }: Extract<Fault, { kind: "status" }>): Answer {
  if (typeof body === "string") return text(status, body, headers);
  const json = { "Content-Type": "application/json", ...headers };
  return { status, headers: json, body: body === undefined ? "" : JSON.stringify(body) };
}

function htmlAnswer(status: number): Answer {
  const page = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`;
  return text(status, page, { "Content-Type": "text/html" });
}
