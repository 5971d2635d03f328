import { quoted } from '../completion/completed-commands.ts';

export interface RoutedEnvelope {
  readonly endpoint: string;
  /** User name of the login; null: not logged in. */
  readonly auth: string | null;
  readonly from: string;
  readonly to: string;
}

/** A command to paste, which shows the way of a message. */
export function routeCommand(file: string, { endpoint, auth, from, to }: RoutedEnvelope): string {
  const login = auth === null ? [] : ['--auth', shellWord(auth)];
  return [
    ...['maddyc route', shellWord(file), '--endpoint', shellWord(endpoint), ...login],
    ...['--from', shellWord(from), '--to', shellWord(to)],
  ].join(' ');
}

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@.:/+-]+$/.test(text) ? text : quoted(text);
}
