/** How the tool ends. */
export const EXIT = {
  ok: 0,
  /** It was done, and the answer is bad: a check failed, a message was refused, nothing was found. */
  failed: 1,
  /** The command line, the configuration or a secret has to be mended first. */
  usage: 2,
  /** The Worker or a remote could not be reached: trying again may help. */
  unreachable: 3,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Something that whoever runs the tool can mend. Its message is one line that names the flag or the key and says how. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly exit: Exit;
  /** The word to switch on, where there is one: of an answer of the Worker, its error code. */
  readonly code: string | undefined;

  constructor(message: string, exit: Exit = EXIT.usage, code?: string) {
    super(message);
    this.exit = exit;
    this.code = code;
  }
}
