import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureWritable, readIfThere, writeWhole } from "../../cli/setup/files.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "edge-files-"));
  path = join(folder, "openclaw.json5");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file keeps its mode, and nothing else is left in its folder", async () => {
  await writeFile(path, "old", { mode: 0o640 });
  await writeWhole(path, "new", { before: "old" });
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(["openclaw.json5"]);
});

test("a file that somebody else has changed, made or removed meanwhile is left", async () => {
  await writeFile(path, "theirs");
  for (const before of ["old", undefined])
    await expect(writeWhole(path, "ours", { before })).rejects.toThrow("was changed while setup was at work");
  expect(await readFile(path, "utf8")).toBe("theirs");
  await rm(path);
  await expect(writeWhole(path, "ours", { before: "old" })).rejects.toThrow("was changed while setup");
  expect(await readIfThere(path)).toBeUndefined();
});

test("a symbolic link stays one, and what it leads to is written", async () => {
  await mkdir(join(folder, "real"));
  await writeFile(join(folder, "real", "document"), "old");
  await symlink(join("real", "document"), path);
  await writeWhole(path, "new", { before: "old" });
  expect((await lstat(path)).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, "real", "document"), "utf8")).toBe("new");
});

test("a folder that cannot be written is known before, and nothing is left behind after", async () => {
  const nowhere = join(folder, "none", ".dev.vars");
  await expect(ensureWritable(nowhere)).rejects.toThrow(`${nowhere} cannot be written (ENOENT)`);
  await expect(writeWhole(nowhere, "x", { before: undefined })).rejects.toThrow("cannot be written (ENOENT)");
  await ensureWritable(path);
  expect(await readdir(folder)).toEqual([]);
});
