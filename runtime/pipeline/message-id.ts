import { randomBytes } from 'node:crypto';

const idBytes = 4;
/** One system call serves this many ids. */
const idsPerDraw = 1024;

/** 8 lower-case hex digits each time. */
export function createMessageIds(): () => string {
  let pool = '';
  let at = 0;
  return () => {
    if (at === pool.length) {
      pool = randomBytes(idBytes * idsPerDraw).toString('hex');
      at = 0;
    }
    at += idBytes * 2;
    return pool.slice(at - idBytes * 2, at);
  };
}
