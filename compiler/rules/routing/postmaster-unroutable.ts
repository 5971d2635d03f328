import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { Way } from '../../routing/prove/model.ts';
import { postmasterAccepted } from '../../routing/prove/proofs.ts';
import type { Rule } from '../rule.ts';
import { commandFor, pathOf, placeAt } from './place.ts';

const taking = (rules: string): string =>
  listener(`destination ${rules} {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}`);

const code: Code = {
  code: 'M4104',
  name: 'postmaster-unroutable',
  severity: 'warning',
  summary: 'mail for postmaster is refused',
  page: () => ({
    docs: 'A server that takes mail for a domain must take it for `postmaster` too, with that domain and without any (RFC 5321 4.5.1): it is how others tell you about a fault. Several block lists test it. Name `postmaster` in the `destination` rule of your local domains.',
    invalid: taking('example.org'),
    valid: taking('postmaster example.org'),
  }),
};

export const postmasterUnroutable: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const byEntrance = new Map<object, Way[]>();
    for (const way of postmasterAccepted(routing).against) {
      const ways = byEntrance.get(way.traffic.entrance);
      if (ways === undefined) byEntrance.set(way.traffic.entrance, [way]);
      else ways.push(way);
    }
    for (const [way, ...more] of byEntrance.values()) {
      if (way === undefined) continue;
      const { entrance, recipient } = way.traffic;
      const others = more.map(({ traffic }) => traffic.recipient.representative);
      const reply = way.reply === null ? '' : ` with "${way.reply.code} ${way.reply.text}"`;
      const refusing = way.steps.find((step) => step.kind === 'reject');
      yield diagnose(
        code,
        `mail for ${recipient.representative} is refused${reply}`,
        placeAt(files, refusing?.at ?? entrance.module.at),
        {
          details: [
            ...(others.length === 0 ? [] : [`So is mail for ${others.slice(0, 5).join(', ')}.`]),
            `${entrance.name} takes mail from outside, so it must take mail for postmaster (RFC 5321 4.5.1): others report faults there.`,
            recipient.representative === 'postmaster'
              ? 'Name postmaster in the destination rule of your local domains: destination postmaster example.org { … }'
              : `Name ${recipient.representative} in a destination rule that delivers.`,
            `To see every step: ${commandFor(way)}`,
          ],
          related: pathOf(files, way),
        },
      );
    }
  },
};
