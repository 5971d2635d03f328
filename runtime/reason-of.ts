/** What an error says, for a log line or a reply's cause. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const systemErrors: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  EINVAL: 'invalid argument',
  EISDIR: 'is a directory',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
};

/** A refusal of the system in the words of C and of maddy, without the call and the path that Node puts around them. */
export function systemReasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return (typeof code === 'string' ? systemErrors[code] : undefined) ?? reasonOf(error);
}
