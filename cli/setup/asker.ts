import { EXIT, Problem } from "../problem.ts";

/** A question with an answer in words. */
export interface Question {
  message: string;
  /** Stands there already, to be taken or changed. */
  initial?: string | undefined;
  /** Says what is wrong with an answer; undefined for a good one. */
  complain(answer: string): string | undefined;
}

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  hint?: string | undefined;
}

/** Asks whoever sits at the terminal. Every method throws {@link Problem} when they have had enough. */
export interface Asker {
  text(question: Question): Promise<string>;
  /** The same, and the answer is not shown. */
  secret(question: Question): Promise<string>;
  choose<Value extends string>(
    message: string,
    choices: readonly Choice<Value>[],
    initial?: Value,
  ): Promise<Value>;
  confirm(message: string, initial: boolean): Promise<boolean>;
}

/** Asks with @clack/prompts. */
export async function terminalAsker(): Promise<Asker> {
  // No other command has a use for it.
  const clack = await import("@clack/prompts");
  const answer = <Value>(given: Value): Exclude<Value, symbol> => {
    if (clack.isCancel(given)) throw new Problem("setup was broken off", EXIT.failed);
    return given as Exclude<Value, symbol>;
  };
  return {
    text: async ({ message, initial, complain }) =>
      answer(
        await clack.text({
          message,
          ...(initial !== undefined && { initialValue: initial }),
          validate: (text) => complain(text ?? ""),
        }),
      ),
    secret: async ({ message, complain }) =>
      answer(await clack.password({ message, validate: (text) => complain(text ?? "") })),
    choose: async (message, choices, initial) =>
      answer(
        await clack.select<string>({
          message,
          options: choices.map(({ value, label, hint }) => ({
            value,
            label,
            ...(hint !== undefined && { hint }),
          })),
          ...(initial !== undefined && { initialValue: initial }),
        }),
      ) as (typeof choices)[number]["value"],
    confirm: async (message, initial) => answer(await clack.confirm({ message, initialValue: initial })),
  };
}

/** What is wrong with an answer, in the words of the flag that it stands for, without naming the flag. */
export function complaint(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.message.replace(/^--[a-z-]+: /, "");
  }
}
