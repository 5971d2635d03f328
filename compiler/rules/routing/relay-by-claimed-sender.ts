import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import type { Way } from '../../routing/prove/model.ts';
import { noRelayBySender } from '../../routing/prove/proofs.ts';
import type { Rule } from '../rule.ts';
import { commandFor, loginLabel, passwordsAdvice, pathOf, placeAt } from './place.ts';
import { onlyLocal, withOutgoing } from './sample.ts';

const code: Code = {
  code: 'M6109',
  name: 'relay-by-claimed-sender',
  severity: 'warning',
  summary: 'who claims a certain sender address can send anywhere',
  page: () => ({
    docs: 'The address in MAIL FROM is what the client says it is: nobody checks it. An endpoint that relays mail of certain senders without a login relays for everybody who knows one of these addresses. Let users log in (`submission` with `auth`), or bind the endpoint to an address that only trusted machines reach.',
    invalid: withOutgoing(
      'source example.org {\n    deliver_to &outgoing\n}\ndefault_source {\n    reject\n}',
      'smtp tcp://0.0.0.0:2525',
    ),
    valid: withOutgoing(onlyLocal, 'smtp tcp://0.0.0.0:2525').replace(
      'deliver_to dummy\n    }\n    default',
      'deliver_to &outgoing\n    }\n    default',
    ),
  }),
};

export const relayByClaimedSender: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const seen = new Set<object>();
    for (const way of noRelayBySender(routing).against) {
      const { entrance } = way.traffic;
      // That everybody can log in there is told where dummy is named (M6110).
      if (seen.has(entrance) || (entrance.takesAnyPassword && entrance.exposure === 'network')) continue;
      seen.add(entrance);
      const onlyHere = entrance.exposure === 'host';
      yield diagnose(
        code,
        `whoever claims ${claimed(way)} can send mail to any address through ${entrance.name}`,
        placeAt(files, entrance.module.at),
        {
          severity: onlyHere && !entrance.takesAnyPassword ? 'info' : 'warning',
          label: loginLabel(way),
          details: [
            entrance.takesAnyPassword
              ? 'Every program on this host can log in as any user, and then write under his address.'
              : 'The sender address is what the client says: spammers try the addresses of the domain that they talk to.',
            entrance.takesAnyPassword
              ? passwordsAdvice
              : 'Ask for a login: a submission endpoint with auth, and check { authorize_sender } in it.',
            `To see every step: ${commandFor(files, way)}`,
          ],
          related: pathOf(files, way),
        },
      );
    }
  },
};

/** As the rule that lets the mail pass has it. */
function claimed({ steps, traffic }: Way): string {
  const step = steps.find((each) => each.kind === 'source' && each.taken && each.matched !== null);
  const rule = step?.kind === 'source' ? step.matched : null;
  if (rule === null) return `to be ${traffic.sender.representative}`;
  return rule.includes('@') ? `to be ${rule}` : `a sender at ${rule}`;
}
