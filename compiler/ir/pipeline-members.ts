import { readReply } from '../catalog/values/reply.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import type { ReplyValue } from '../plan/plan.ts';
import { ignoredArguments } from './codes/structure.ts';
import { valueShape } from './codes/values.ts';
import type { Context } from './context.ts';
import { atLine, type Finding, finding } from './finding.ts';
import { Inline, isUse, type Use } from './ir.ts';
import { lowerUse } from './uses.ts';
import { dependsOnEnvironment, misreadFinding, spanOf } from './words.ts';

/** What all levels of a pipeline share: checks, modifiers, replies. */

/** `check { … }` and `modify { … }` give their members; `check &group` one reference. */
export function lowerGroup(
  context: Context,
  directive: ExpandedDirective,
  expects: 'checks_group' | 'modifiers_group',
  members: Use[],
  out: Finding[],
): void {
  const use = lowerUse(context, { expects, directive, args: directive.args, block: directive.block }, out);
  if (use === undefined) return;
  if (!(use instanceof Inline)) {
    members.push(use);
    return;
  }
  const inside = use.module.config.get('members')?.value;
  if (Array.isArray(inside)) for (const member of inside) if (isUse(member)) members.push(member);
}

/** Bare means yes; later occurrences never switch it off again (pipeline.yaml). */
export function lowerDmarc(directive: ExpandedDirective, out: Finding[]): boolean {
  const [word, surplus] = directive.args;
  if (surplus !== undefined) {
    out.push(
      finding(ignoredArguments, surplus.origin, {
        message: 'dmarc with several arguments has no effect',
        details: ['maddy reads over it: DMARC stays as it was, usually off. Write dmarc yes.'],
      }),
    );
    return false;
  }
  if (word === undefined || word.value === 'yes') return true;
  if (word.value === 'no') return false;
  out.push(
    finding(
      valueShape,
      word.origin,
      {
        message: `"${word.value}" is not yes or no`,
        details: ['dmarc takes exactly the words yes and no; other spellings of them do not work here.'],
      },
      atLine(directive, 'invalid argument for dmarc'),
    ),
  );
  return false;
}

/** The arguments of `reject`. */
export function lowerReply(directive: ExpandedDirective, out: Finding[]): ReplyValue | null {
  const args = directive.args.map((arg) => arg.value);
  const reading = readReply(args, 0);
  if (!reading.ok) {
    const blamed = reading.argument === null ? undefined : args[reading.argument];
    if (blamed !== undefined && dependsOnEnvironment(blamed)) out.push(codeFromEnvironment(directive));
    else out.push(misreadFinding(directive, { type: 'reply', doc: '' }, reading));
    return null;
  }
  return reading.value;
}

function codeFromEnvironment(directive: ExpandedDirective): Finding {
  return finding(valueShape, spanOf(directive), {
    message: 'a reply code cannot come from the environment',
    details: ['Routes must be known when the configuration is compiled: write the code, or compile with --embed-env.'],
  });
}
