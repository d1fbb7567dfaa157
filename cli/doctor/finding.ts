export type State = "pass" | "warn" | "fail" | "skip";

/** One thing that a check has found out. Safe to print: it never holds a secret. */
export type Finding =
  | {
      state: "pass";
      /** What there is. */
      found: string;
    }
  | {
      state: "warn" | "fail";
      found: string;
      /** What to do about it. */
      mend: string;
    }
  | {
      state: "skip";
      /** Why it was not looked at. */
      found: string;
    };

/** What a check comes to. */
export interface Outcome<Value> {
  findings: readonly Finding[];
  /** What later checks go on from; absent when they cannot. */
  value?: Value;
}

export function pass(found: string): Finding {
  return { state: "pass", found };
}

/** Something works, and may not be what was meant. */
export function warn(found: string, mend: string): Finding {
  return { state: "warn", found, mend };
}

export function fail(found: string, mend: string): Finding {
  return { state: "fail", found, mend };
}

export function skip(why: string): Finding {
  return { state: "skip", found: why };
}

/** An outcome that nothing goes on from. */
export function only(...findings: readonly Finding[]): Outcome<never> {
  return { findings };
}

/** An outcome that other checks go on from. */
export function withValue<Value>(value: Value, ...findings: readonly Finding[]): Outcome<Value> {
  return { findings, value };
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");
}
