import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic, Fix } from '../../diagnostics/diagnostic.ts';
import type { Way } from '../../routing/prove/model.ts';
import { noOpenRelay } from '../../routing/prove/proofs.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Rule } from '../rule.ts';
import { checksOn, commandFor, loginLabel, passwordsAdvice, pathOf, placeAt } from './place.ts';
import { onlyLocal, withOutgoing } from './sample.ts';

const code: Code = {
  code: 'M6101',
  name: 'open-relay',
  severity: 'error',
  summary: 'anybody can send mail to any address through this server',
  page: () => ({
    docs: 'Mail from somebody who has not logged in, for an address that is not here, is sent on to other hosts. Such a server is found and used for spam within hours; its address comes onto block lists, and then nobody takes its own mail. On an address of this host alone (loopback, a socket) it is a warning: every process here can send. Refuse other recipients in `default_destination`, and let users send through a `submission` endpoint, which asks for a login. maddyc follows mail of every kind through the configuration, so the finding comes with the way that such mail takes.',
    invalid: withOutgoing('deliver_to &outgoing', 'smtp tcp://0.0.0.0:2525'),
    valid: withOutgoing(onlyLocal, 'smtp tcp://0.0.0.0:2525').replace(
      'destination example.org postmaster {\n        deliver_to dummy',
      'destination example.org postmaster {\n        deliver_to &outgoing',
    ),
  }),
};

export const openRelay: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const seen = new Set<object>();
    for (const way of noOpenRelay(routing).against) {
      const { entrance } = way.traffic;
      // That everybody can log in there is told where dummy is named (M6110).
      if (seen.has(entrance) || (entrance.takesAnyPassword && entrance.exposure === 'network')) continue;
      seen.add(entrance);
      yield found(way, files);
    }
  },
};

function found(way: Way, files: readonly SourceFile[]): Diagnostic {
  const { entrance } = way.traffic;
  const onlyHere = entrance.exposure === 'host';
  const who = onlyHere ? 'every process on this host' : 'anybody';
  const checks = checksOn(way);
  return diagnose(
    code,
    `${who} can send mail to any address through ${entrance.name}`,
    placeAt(files, entrance.module.at),
    {
      severity: onlyHere ? 'warning' : 'error',
      label: loginLabel(way),
      details: [
        onlyHere
          ? 'A program that can be made to send mail from here, such as a web form, sends it to everybody.'
          : 'Open relays are found within hours and used for spam; then other servers refuse all mail from this address.',
        ...(checks.length === 0
          ? []
          : [`Whoever passes ${checks.join(', ')} can do it; none of these asks who may send.`]),
        onlyHere && entrance.takesAnyPassword
          ? passwordsAdvice
          : onlyHere
            ? 'To ask for a login, make it a submission endpoint with auth; to allow some recipients only, use destination rules and default_destination { reject }.'
            : 'Take mail for your own domains by destination rules, refuse the rest with default_destination { reject }, and let users send through a submission endpoint with auth.',
        `To see every step: ${commandFor(files, way)}`,
      ],
      related: pathOf(files, way),
      fixes: refusal(way, files),
    },
  );
}

/**
 * Where the endpoint's own default_destination hands on what no rule before it has taken, it can refuse that instead. A pipeline that
 * others use, too, and rules that also take mail for here, are for the administrator to judge.
 */
function refusal({ steps }: Way, files: readonly SourceFile[]): readonly Fix[] {
  const first = steps.findIndex(({ kind }) => kind === 'deliver');
  const delivery = steps[first];
  const rule = steps.slice(0, Math.max(0, first)).findLast((step) => step.kind === 'destination' && step.taken);
  if (delivery === undefined || rule?.kind !== 'destination' || rule.implicit || rule.table !== null) return [];
  const place = rule.matched === null ? placeAt(files, delivery.at) : null;
  if (place === null) return [];
  const { file, range } = place;
  const isWhole = /^[ \t]*(?:#.*)?\r?(?:\n|$)/.test(file.text.slice(range.end));
  if (!isWhole || isLastUse(file.text.slice(range.start, range.end), files)) return [];
  const edits = [{ file, range, text: 'reject 550 5.7.1 "Relaying denied"' }];
  return [{ title: 'refuse this mail instead of sending it on', safe: false, edits }];
}

/** A block that nothing else leads to would be left over, and maddy refuses to start with such a block. */
function isLastUse(delivery: string, files: readonly SourceFile[]): boolean {
  const name = /&[^\s"]+/.exec(delivery)?.[0];
  if (name === undefined) return false;
  const uses = files.flatMap(({ text }) => text.split(/[\s"]+/).filter((word) => word === name));
  return uses.length < 2;
}
