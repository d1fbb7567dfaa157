import { errorText } from "../../src/observe/redact.ts";
import { CHECKS, type CheckId } from "./catalogue.ts";
import { fail, type Outcome, only, skip } from "./finding.ts";

/** A check that has been begun. */
export interface Step<Value = unknown> {
  readonly check: CheckId;
  /** Absent for a check that is not about one account. */
  readonly account: string | undefined;
  /** Never rejects. */
  readonly outcome: Promise<Outcome<Value>>;
}

type Values<Needs extends readonly Step[]> = {
  [Index in keyof Needs]: Needs[Index] extends Step<infer Value> ? Value : never;
};

/**
 * The checks of one visit. Each begins as soon as those that it needs have come to a value, so that independent ones run
 * side by side; one whose need came to none is skipped, and says which.
 */
export class Round {
  readonly #steps: Step[] = [];

  /**
   * @param needs checks whose values it goes on from
   * @param run makes it; what it throws is a fault of ours and fails the check
   */
  add<Value, const Needs extends readonly Step[]>(
    check: CheckId,
    account: string | undefined,
    needs: Needs,
    run: (...values: Values<Needs>) => Outcome<Value> | Promise<Outcome<Value>>,
  ): Step<Value> {
    const step: Step<Value> = { check, account, outcome: this.#run(needs, run) };
    this.#steps.push(step);
    return step;
  }

  /** In the order in which they are shown: by group and account, and within those as in the catalogue. */
  inOrder(accounts: readonly string[]): Step[] {
    const place = new Map<string, number>(CHECKS.map(({ id }, index) => [id, index]));
    const group = new Map<string, number>(CHECKS.map(({ id, group }) => [id, GROUP_ORDER.indexOf(group)]));
    const keyOf = ({ check, account }: Step) => [
      group.get(check) ?? 0,
      account === undefined ? -1 : accounts.indexOf(account),
      place.get(check) ?? 0,
    ];
    return this.#steps.toSorted((a, b) => {
      const [x, y] = [keyOf(a), keyOf(b)];
      return x.map((value, index) => value - (y[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
    });
  }

  has(check: CheckId): boolean {
    return this.#steps.some((step) => step.check === check);
  }

  async #run<Value, const Needs extends readonly Step[]>(
    needs: Needs,
    run: (...values: Values<Needs>) => Outcome<Value> | Promise<Outcome<Value>>,
  ): Promise<Outcome<Value>> {
    const values: unknown[] = [];
    for (const need of needs) {
      const { value } = await need.outcome;
      if (value === undefined) return only(skip(`needs ${need.check}, which has to be well first`));
      values.push(value);
    }
    try {
      return await run(...(values as Values<Needs>));
    } catch (error) {
      return only(
        fail(`the check itself broke: ${errorText(error)}`, "run it again, and report it if it stays"),
      );
    }
  }
}

const GROUP_ORDER = [...new Set(CHECKS.map(({ group }) => group))];
