import type { ExpandedDirective } from '../expand/expanded.ts';
import { mailDropped } from './codes/delivery.ts';
import { rejectAndDeliver } from './codes/structure.ts';
import { type Context, note } from './context.ts';
import { atLine, type Finding, finding } from './finding.ts';
import type { Action, Destination, Meaning, Use } from './ir.ts';
import { emptyReroute, unknownInPipeline } from './pipeline-findings.ts';
import { lowerGroup, lowerReply } from './pipeline-members.ts';
import { lowerUse } from './uses.ts';

const meaning: Meaning = { owner: { kind: 'pipeline', context: 'destination' } };

/** The body of `destination`: what happens to a recipient; null: it is known to be empty, which is said already. */
export function lowerDestination(
  context: Context,
  header: ExpandedDirective,
  directives: readonly ExpandedDirective[] | null,
  implicit: boolean,
  out: Finding[],
): Destination {
  const checks: Use[] = [];
  const modifiers: Use[] = [];
  const actions: Action[] = [];
  // Also by what is misspelt: then it is not the block that says nothing.
  let handled = false;
  let rejected: ExpandedDirective | null = null;
  let delivered: ExpandedDirective | null = null;
  for (const directive of directives ?? []) {
    if (!implicit) note(context, directive, meaning);
    switch (directive.name) {
      case 'check':
        lowerGroup(context, directive, 'checks_group', checks, out);
        break;
      case 'modify':
        lowerGroup(context, directive, 'modifiers_group', modifiers, out);
        break;
      case 'deliver_to':
        handled = true;
        if (rejected !== null) out.push(contradiction(directive, rejected));
        delivered = directive;
        lowerDelivery(context, directive, actions, out);
        break;
      case 'reroute':
        handled = true;
        delivered = directive;
        lowerReroute(context, directive, actions, out);
        break;
      case 'reject':
        handled = true;
        if (delivered !== null) out.push(contradiction(directive, delivered));
        rejected = directive;
        lowerReject(directive, actions, out);
        break;
      default:
        handled = true;
        context.unread.add(directive);
        out.push(unknownInPipeline(context, directive, 'destination'));
    }
  }
  if (!handled && directives !== null) out.push(dropped(header));
  return { header, implicit, checks, modifiers, actions };
}

function lowerDelivery(context: Context, header: ExpandedDirective, actions: Action[], out: Finding[]): void {
  const place = {
    expects: 'delivery_target',
    directive: header,
    args: header.args,
    block: header.block,
    missing: 'required at least one argument',
  } as const;
  const target = lowerUse(context, place, out);
  if (target !== undefined) actions.push({ kind: 'deliver', header, target });
}

function lowerReroute(context: Context, header: ExpandedDirective, actions: Action[], out: Finding[]): void {
  if (header.block === null || header.block.length === 0) {
    out.push(emptyReroute(header));
    return;
  }
  const pipeline = context.stages.pipeline(context, { header, directives: header.block, siblings: [] }, out);
  actions.push({ kind: 'reroute', header, pipeline });
}

function lowerReject(header: ExpandedDirective, actions: Action[], out: Finding[]): void {
  const reply = lowerReply(header, out);
  if (reply !== null) actions.push({ kind: 'reject', header, reply });
}

function contradiction(directive: ExpandedDirective, earlier: ExpandedDirective): Finding {
  return finding(
    rejectAndDeliver,
    directive.origin,
    {
      message: `${directive.name} after ${earlier.name} in one block`,
      details: ['A recipient is either refused or delivered. Keep one of the two, or split the rule.'],
      related: [{ file: earlier.origin.file, range: earlier.origin.range, message: `${earlier.name} stands here` }],
    },
    atLine(directive, "can't use 'reject' and 'deliver_to' together"),
  );
}

/** D28: maddy takes the mail with 250 and delivers it nowhere. */
function dropped(header: ExpandedDirective): Finding {
  return finding(mailDropped, header.origin, {
    message: `mail for this ${header.name} block is accepted and dropped`,
    label: 'no deliver_to, reroute or reject',
    details: [
      'maddy 0.9.4 answers 250 and delivers it nowhere: the mail is lost, and nobody is told.',
      'Deliver it (deliver_to …), or refuse it (reject).',
    ],
  });
}
