import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { Way } from '../../routing/prove/model.ts';
import { postmasterAccepted } from '../../routing/prove/proofs.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Rule } from '../rule.ts';
import { commandFor, pathOf, placeAt } from './place.ts';

const taking = (rules: string): string =>
  listener(
    `${rules}destination postmaster example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}`,
  );

const code: Code = {
  code: 'M4104',
  name: 'postmaster-unroutable',
  severity: 'warning',
  summary: 'mail for postmaster is refused',
  page: () => ({
    docs: 'A server that takes mail for a domain must take it for `postmaster` too (RFC 5321 4.5.1): it is how others tell you about a fault, and several block lists test it. The form without a domain, `RCPT TO:<postmaster>`, must be taken as well; few use it, so where only that one is refused it is a note. Name `postmaster` in the `destination` rule of your local domains. maddy 0.9.4 refuses the form without a domain before it looks at any rule; maddyc takes it where a rule does.',
    invalid: taking('destination postmaster@example.org {\n    reject\n}\n'),
    valid: taking(''),
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
    for (const ways of byEntrance.values()) {
      // What is worse is told first: a domain without its postmaster.
      const way = ways.find((each) => !isBare(each)) ?? ways[0];
      if (way !== undefined) yield found(way, ways, files);
    }
  },
};

function isBare({ traffic }: Way): boolean {
  return traffic.recipient.representative === 'postmaster';
}

function found(way: Way, ways: readonly Way[], files: readonly SourceFile[]): Diagnostic {
  const { entrance, recipient } = way.traffic;
  const others = ways.filter((each) => each !== way).map(({ traffic }) => traffic.recipient.representative);
  const reply = way.reply === null ? '' : ` with "${way.reply.code} ${way.reply.text}"`;
  const refusing = way.steps.find((step) => step.kind === 'reject');
  const bare = isBare(way);
  return diagnose(
    code,
    `mail for ${bare ? 'postmaster without a domain' : recipient.representative} is refused${reply}`,
    placeAt(files, refusing?.at ?? entrance.module.at),
    {
      severity: bare ? 'info' : 'warning',
      details: bare
        ? [
            `${entrance.name} takes other mail, so RCPT TO:<postmaster> must be taken too (RFC 5321 4.5.1). Few senders use it, and maddy 0.9.4 itself never takes it.`,
            'Name postmaster in the destination rule of your local domains: destination postmaster example.org { … }',
            `To see every step: ${commandFor(files, way)}`,
          ]
        : [
            ...(others.length === 0 ? [] : [`So is mail for ${others.slice(0, 5).join(', ')}.`]),
            `${entrance.name} takes other mail, so it must take mail for postmaster (RFC 5321 4.5.1): others report faults there.`,
            `Name ${recipient.representative} in a destination rule that delivers.`,
            `To see every step: ${commandFor(files, way)}`,
          ],
      related: pathOf(files, way),
    },
  );
}
