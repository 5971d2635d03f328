import { misread, type Reading, read, type Words } from './reading.ts';

export type SmtpClientAuth =
  | { readonly mechanism: 'off' | 'forward' | 'external' }
  | { readonly mechanism: 'plain' | 'login'; readonly user: string; readonly password: string };

/** `auth` of target.smtp and target.lmtp. */
export function readSmtpClientAuth(words: Words): Reading<SmtpClientAuth> {
  if (words.block === 'filled') return misread('block', "can't declare a block here");
  const [mechanism, user, password] = words.args;
  switch (mechanism) {
    case undefined:
      return misread('too-few', 'at least one argument required');
    case 'off':
      return read({ mechanism });
    case 'forward':
    case 'external':
      if (user !== undefined) return misread('too-many', 'no additional arguments required', 1);
      return read({ mechanism });
    case 'plain':
    case 'login':
      if (user === undefined || password === undefined || words.args.length > 3) {
        return misread(
          password === undefined ? 'too-few' : 'too-many',
          'two additional arguments are required (username, password)',
          null,
          `${mechanism} takes a user name and a password`,
        );
      }
      return read({ mechanism, user, password });
    default:
      return misread('form', `unknown authentication mechanism: ${mechanism}`, 0);
  }
}
