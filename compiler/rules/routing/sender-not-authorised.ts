import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { noOpenRelay, usersSendAsThemselves } from '../../routing/prove/proofs.ts';
import type { Rule } from '../rule.ts';
import { commandFor, pathOf, placeAt } from './place.ts';
import { withOutgoing } from './sample.ts';

const submission = (checks: string): string =>
  withOutgoing(
    `insecure_auth yes\nauth dovecot_sasl unix:///run/dovecot/auth-client\n${checks}deliver_to &outgoing`,
    'submission tcp://127.0.0.1:2525',
  );

const code: Code = {
  code: 'M6102',
  name: 'sender-not-authorised',
  severity: 'warning',
  summary: 'every user may send as everybody else',
  page: () => ({
    docs: 'Users log in, but nothing compares the sender address with the account: each of them, and whoever guesses one password, can write as the director. `check { authorize_sender }` holds users to their addresses; with `user_to_email` they may have several.',
    invalid: submission(''),
    valid: submission('check {\n    authorize_sender\n}\n'),
  }),
};

export const senderNotAuthorised: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    // Where nobody need log in, this is the smaller evil.
    const seen = new Set<object>(noOpenRelay(routing).against.map(({ traffic }) => traffic.entrance));
    for (const way of usersSendAsThemselves(routing).against) {
      const { entrance } = way.traffic;
      if (seen.has(entrance)) continue;
      seen.add(entrance);
      yield diagnose(code, `users of ${entrance.name} may send as anybody`, placeAt(files, entrance.module.at), {
        label: 'no authorize_sender on the way out',
        details: [
          'A user, or whoever has one stolen password, can write under the address of every other user.',
          'Add to the endpoint: check { authorize_sender }',
          `To see every step: ${commandFor(files, way)}`,
        ],
        related: pathOf(files, way),
      });
    }
  },
};
