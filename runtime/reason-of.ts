/** What an error says, for a log line or a reply's cause; of files in maddy's words: `open /etc/x: no such file or directory`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = systemErrors[errorCodeOf(error) ?? ''];
  // `connect` names a socket, `spawn sh` a program.
  const isOfFile = 'syscall' in error && 'path' in error && /^(?!connect)[a-z]+$/.test(String(error.syscall));
  return words !== undefined && isOfFile ? `${error.syscall} ${error.path}: ${words}` : error.message;
}

const systemErrors: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EEXIST: 'file exists',
  EHOSTUNREACH: 'no route to host',
  EINVAL: 'invalid argument',
  EISDIR: 'is a directory',
  ENETUNREACH: 'network is unreachable',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
  ETIMEDOUT: 'connection timed out',
};

/** A refusal of the system in the words of C and of maddy, without the call and the path that Node puts around them. */
export function systemReasonOf(error: unknown): string {
  return systemErrors[errorCodeOf(error) ?? ''] ?? reasonOf(error);
}

/** Of an error of the system: `ENOENT`. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
