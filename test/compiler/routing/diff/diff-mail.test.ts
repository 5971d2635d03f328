import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../../../../compiler/host.ts';
import type { Plan } from '../../../../compiler/plan/plan.ts';
import { type ClassSet, diffMail } from '../../../../compiler/routing/diff/diff-mail.ts';
import { explainRoute } from '../../../../compiler/routing/explain/explain-route.ts';
import { RoutingModel } from '../../../../compiler/routing/prove/model.ts';
import { regexpLookup } from '../../../../compiler/routing/tables/regexp.ts';
import { createMemoryHost } from '../../../../compiler/source/memory-host.ts';
import { planOf } from '../../../kit/compile.ts';

const rules = ['example.org', 'example.net', 'ann@example.org', 'bob@example.net', 'postmaster', 'sub.example.org'];
const senders = ['', 'ann@example.org', 'carol@example.org', 'bob@example.net', 'x@sub.example.org', 'x@far.example'];
const recipients = [...senders.slice(1), 'postmaster', 'list@example.net', 'postmaster@example.org'];

const action = fc.constantFrom(
  'deliver_to dummy',
  'deliver_to &mailboxes',
  'reject 550 5.1.1 "no"',
  'reject 450 4.2.1 "later"',
);

/** Blocks whose rules do not overlap: an address twice is an error. */
const block = (kind: 'source' | 'destination', body: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...rules), body), { selector: ([rule]) => rule, maxLength: 4 }),
      body,
    )
    .map(([some, otherwise]) =>
      [
        ...some
          .filter(([rule]) => kind === 'destination' || rule !== 'postmaster')
          .map(([rule, inside]) => `${kind} ${rule} {\n${inside}\n}`),
        `default_${kind} {\n${otherwise}\n}`,
      ].join('\n'),
    );

const rewriting = fc.constantFrom(
  '',
  'modify {\nreplace_rcpt static {\nentry list@example.net ann@example.org x@far.example\n}\n}',
  'modify {\nreplace_rcpt static {\nentry ann@example.org bob@example.net\n}\n}',
);

const configuration = fc
  .tuple(
    rewriting,
    block(
      'source',
      fc.tuple(rewriting, block('destination', action)).map((parts) => parts.join('\n')),
    ),
  )
  .map(
    ([modify, sources]) =>
      `hostname mx.example.org\nstate_dir /tmp\nruntime_dir /tmp\ntls off\ntarget.lmtp mailboxes {\ntargets tcp://127.0.0.1:24\n}\nsmtp tcp://127.0.0.1:25 {\n${modify}\n${sources}\n}\nlmtp tcp://127.0.0.1:26 {\ndeliver_to &mailboxes\n}\n`,
  );

interface Loaded {
  readonly plan: Plan;
  readonly host: Host;
}

function load(text: string): Loaded {
  const host = createMemoryHost({ files: new Map([['maddy.conf', text]]) });
  return { plan: planOf('maddy.conf', host), host };
}

function fateIn({ plan, host }: Loaded, from: string, to: string): string {
  const request = { endpoint: 'smtp', ip: null, auth: null, from, to: [to], smtputf8: null };
  const result = explainRoute(plan, request, { checks: new Map(), tables: new Map() }, host);
  const [route] = result.ok ? result.recipients : [];
  const deliveries = route?.deliveries.map(({ target, name, recipient }) => [target, name, recipient]);
  // A list that is refused half way is refused: its sender hears the reply.
  return JSON.stringify([route?.outcome, route?.reply === null ? deliveries : null, route?.reply]);
}

function modelOf({ plan, host }: Loaded): RoutingModel {
  return new RoutingModel(plan, host, { regexps: regexpLookup });
}

function addressesOf({ classes }: ClassSet): readonly string[] {
  return classes.flatMap(({ representative, others }) => [representative, ...others]);
}

/** By its own name, as anybody at its domain, or as somebody elsewhere. */
function covers(set: ClassSet, address: string): boolean {
  const named = addressesOf(set);
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return (
    named.includes(address) ||
    named.includes(`anybody@${domain}`) ||
    (address !== '' && set.classes.some(({ kind }) => kind === 'elsewhere'))
  );
}

test('what fares differently is told, and what is told fares differently', () => {
  fc.assert(
    fc.property(configuration, configuration, (before, after) => {
      const [old, now] = [load(before), load(after)];
      const known = new Map<string, boolean>();
      const differs = (from: string, to: string): boolean => {
        const key = `${from} ${to}`;
        const answer = known.get(key) ?? fateIn(old, from, to) !== fateIn(now, from, to);
        known.set(key, answer);
        return answer;
      };
      const { changes, complete } = diffMail(modelOf(old), modelOf(now));
      expect(complete).toBe(true);
      for (const from of senders) {
        for (const to of recipients) {
          const told = changes.some((change) => covers(change.senders, from) && covers(change.recipients, to));
          if (differs(from, to)) expect({ from, to, told }).toEqual({ from, to, told: true });
        }
      }
      for (const change of changes) {
        for (const from of addressesOf(change.senders)) {
          for (const to of addressesOf(change.recipients)) {
            expect({ from, to, differs: differs(from, to) }).toEqual({ from, to, differs: true });
          }
        }
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);

test('a configuration is the same as itself', () => {
  fc.assert(
    fc.property(configuration, (text) => {
      expect(diffMail(modelOf(load(text)), modelOf(load(text))).changes).toEqual([]);
    }),
    { numRuns: 30 },
  );
}, 60_000);

test('another regular expression is another treatment of what it names', () => {
  const withTable = (expression: string): Loaded =>
    load(
      `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\ndestination_in regexp "${expression}" "" {\ndeliver_to dummy\n}\ndefault_destination {\nreject\n}\n}\n`,
    );
  const { changes } = diffMail(
    modelOf(withTable('.*@partner\\.test')),
    modelOf(withTable('.*@(partner|other)\\.test')),
  );
  expect(changes.flatMap(({ recipients }) => addressesOf(recipients))).toContain('anybody@other.test');
  expect(changes.flatMap(({ recipients }) => addressesOf(recipients))).not.toContain('anybody@partner.test');
});
