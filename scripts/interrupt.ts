const CHECK_INTERVAL_MS = 500;

/**
 * A signal that is aborted when somebody wants this process to end: by Ctrl-C, by SIGTERM, or by ending the process that
 * started it. npm passes a signal on to its shell, and the shell dies of it and leaves us.
 */
export function untilInterrupted(): AbortSignal {
  const interrupt = new AbortController();
  const end = () => interrupt.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) end();
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return interrupt.signal;
}
