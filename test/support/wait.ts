const INTERVAL_MS = 20;
const TIMEOUT_MS = 20_000;

/** Waits for a condition. @throws when it does not come true in time */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${holds} did not come true within ${TIMEOUT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
