import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../problem.ts";

/** Mode of a file that holds secrets: its owner's alone. */
export const SECRET_MODE = 0o600;

/** @returns the text of a file; undefined when there is none */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw new Problem(`${path} cannot be read (${codeOf(error)}); see to its permissions`);
  }
}

/**
 * Writes a file as a whole or not at all: a reader, and whoever comes after a crash, finds the old text or the new one. A
 * symbolic link stays one.
 *
 * @param before what the file has to hold still; undefined for none
 * @param mode of the file; without one, it keeps its own
 * @throws {Problem} when somebody has changed it meanwhile, or it cannot be written
 */
export async function writeWhole(
  path: string,
  text: string,
  { before, mode }: { before: string | undefined; mode?: number },
): Promise<void> {
  if ((await readIfThere(path)) !== before)
    throw new Problem(`${path} was changed while setup was at work, and is left as it is; run setup again`);
  try {
    const target = before === undefined ? path : await realpath(path);
    const ownMode = mode ?? (before === undefined ? 0o644 : (await stat(target)).mode & 0o777);
    const beside = join(dirname(target), `.${randomUUID()}.tmp`);
    try {
      const file = await open(beside, "wx", ownMode);
      try {
        await file.chmod(ownMode);
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, target);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  } catch (error) {
    throw new Problem(`${path} cannot be written (${codeOf(error)}); see to the permissions of its folder`);
  }
}

/**
 * Finds out whether a file can be written before something depends on it.
 *
 * @throws {Problem}
 */
export async function ensureWritable(path: string): Promise<void> {
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await (await open(beside, "wx", SECRET_MODE)).close();
    await rm(beside);
  } catch (error) {
    throw new Problem(`${path} cannot be written (${codeOf(error)}); see to the permissions of its folder`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}

function isCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}
