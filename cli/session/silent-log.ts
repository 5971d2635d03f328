import type { Logger } from '../../runtime/observe/log.ts';

const nothing = (): void => {};

/** Whoever looks on sees replies and reasons, not the server's log. */
export const silentLog: Logger = {
  message: nothing,
  debug: nothing,
  error: nothing,
  raw: nothing,
  child: () => silentLog,
  get unnamed() {
    return silentLog;
  },
  debugEnabled: false,
};
