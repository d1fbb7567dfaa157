const CHECK_INTERVAL_MS = 500;

/**
 * Tells when the process that started this one has gone without taking it along: npm passes a signal on to its shell,
 * and the shell dies of it and leaves us.
 *
 * @param then what ends this process in good order
 */
export function onOrphaned(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, CHECK_INTERVAL_MS);
  timer.unref();
}
