import type { Endpoint } from '../../catalog/values/endpoint.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Place } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { Module } from '../../ir/ir.ts';
import type { At } from '../../plan/plan.ts';
import type { Way } from '../../routing/prove/model.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { ConfiguredAddress } from '../configured-address.ts';
import type { Rule } from '../rule.ts';
import { pathOf, placeAt } from './place.ts';

const delivering = (port: number): string =>
  listener(`destination postmaster example.org {
    deliver_to dummy
}
destination lists.example.org {
    deliver_to smtp tcp://127.0.0.1:${port} {
        starttls no
    }
}
default_destination {
    reject
}`);

const code: Code = {
  code: 'M4134',
  name: 'own-listener',
  severity: 'error',
  summary: 'mail is delivered to the endpoint that it came in by',
  page: () => ({
    docs: 'The target is the address on which this endpoint itself listens, and the message comes there as it was: it takes the same way again and again, until it has too many Received fields and is refused (`max_received`). Write the address of the next server, or of the endpoint that is to go on with it.',
    invalid: delivering(2525),
    valid: delivering(2526),
  }),
};

/** Only what surely goes round: a login, or a recipient that is rewritten, may make it take another way the next time. */
export const ownListener: Rule = {
  code,
  *check({ routing, addresses, files }) {
    if (routing === null) return;
    const loops = loopsIn(addresses);
    if (loops.length === 0) return;
    const told = new Set<string>();
    for (const way of routing.survey().ways) {
      const { entrance } = way.traffic;
      if (entrance.kind !== 'endpoint' || entrance.login !== 'none' || way.assumptions.length > 0) continue;
      for (const { at, sender, recipient } of way.deliveries) {
        if (told.has(at.join(' ')) || !isUnchanged(way, sender, recipient)) continue;
        const loop = loops.find(
          ({ next, own }) => isAt(next.module, files, at) && isAt(own.module, files, entrance.module.at),
        );
        if (loop === undefined) continue;
        const { next, own } = loop;
        told.add(at.join(' '));
        yield diagnose(code, `${entrance.name} delivers to itself`, placeOf(next), {
          details: [
            'Each message goes round until it has too many Received fields, and then it is refused.',
            'Write the address of the next server.',
          ],
          related: [{ ...placeOf(own), message: 'the endpoint listens there' }, ...pathOf(files, way)],
        });
      }
    }
  },
};

interface Loop {
  readonly next: ConfiguredAddress;
  readonly own: ConfiguredAddress;
}

/** Addresses that lead to a listener of this configuration. */
function loopsIn(addresses: Iterable<ConfiguredAddress>): readonly Loop[] {
  const listeners = new Map<string, ConfiguredAddress[]>();
  const next: ConfiguredAddress[] = [];
  for (const address of addresses) {
    if (address.role === 'connect') next.push(address);
    else {
      const key = doorOf(address.endpoint);
      listeners.set(key, [...(listeners.get(key) ?? []), address]);
    }
  }
  return next.flatMap((to) =>
    (listeners.get(doorOf(to.endpoint)) ?? [])
      .filter((own) => leadsTo(to.endpoint, own.endpoint))
      .map((own) => ({ next: to, own })),
  );
}

/** Port, or path of the socket. */
function doorOf({ network, path, port }: Endpoint): string {
  return network === 'unix' ? path : String(Number(port));
}

function isUnchanged({ traffic }: Way, sender: string, recipient: string): boolean {
  return sender === traffic.sender.representative && recipient === traffic.recipient.representative;
}

function isAt({ header }: Module, files: readonly SourceFile[], at: At): boolean {
  const place = placeAt(files, at);
  const { file, range } = header.origin;
  return place !== null && place.file === file && place.range.start === range.start;
}

function placeOf({ word }: ConfiguredAddress): Place {
  return { file: word.origin.file, range: word.origin.range };
}

/** Between addresses with the same door. `0.0.0.0` and `[::]` take what comes to any address of the host. */
function leadsTo(to: Endpoint, listening: Endpoint): boolean {
  if (to.network === 'unix' || listening.network === 'unix') return to.network === listening.network;
  const isLoopback = to.host === 'localhost' || /^127\./.test(to.host) || to.host === '::1';
  if (listening.host === '0.0.0.0' || listening.host === '::') return isLoopback;
  return to.host === listening.host || (to.host === 'localhost' && /^(?:127\.0\.0\.1|::1)$/.test(listening.host));
}
