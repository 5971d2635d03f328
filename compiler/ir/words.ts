import type { DirectiveSpec } from '../catalog/define.ts';
import { valueWords } from '../catalog/value-words.ts';
import type { Misreading, Words } from '../catalog/values/reading.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import { isWrittenInPlace } from '../diagnostics/provenance.ts';
import { vanishedMacro } from '../diagnostics/undefined-cause.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import type { Deferred } from '../plan/plan.ts';
import type { Origin } from '../source/origin.ts';
import { nearest } from '../text/nearest.ts';
import { argumentCount, blockNotAllowed, valueShape } from './codes/values.ts';
import { atLine, type Finding, finding, type Wording } from './finding.ts';
import { correction } from './suggest.ts';

export function wordsOf(directive: ExpandedDirective): Words {
  return { args: directive.args.map((arg) => arg.value), block: shapeOf(directive.block) };
}

export function shapeOf(block: readonly ExpandedDirective[] | null): Words['block'] {
  if (block === null) return 'none';
  return block.length === 0 ? 'empty' : 'filled';
}

/** `{env:NAME}` that compilation keeps for `run` (R8). */
export function dependsOnEnvironment(text: string): boolean {
  return text.includes('{env:');
}

/** The words as they are, to be read when the environment is known; null when it cannot help them. */
export function deferred(spec: DirectiveSpec, words: Words, misreading: Misreading): Deferred | null {
  if (misreading.problem !== 'form') return null;
  const blamed =
    misreading.argument === null ? words.args : words.args.slice(misreading.argument, misreading.argument + 1);
  if (!blamed.some(dependsOnEnvironment)) return null;
  return { $deferred: { type: spec.type, args: [...words.args] } };
}

/** What is wrong with the words of a directive, said in the terms of its type. */
export function misreadFinding(directive: ExpandedDirective, spec: DirectiveSpec, misreading: Misreading): Finding {
  const maddy = misreading.placeless === true ? misreading.error : atLine(directive, misreading.error);
  const said = saidOf(directive, spec, misreading, maddy);
  return misreading.late === true ? { ...said, late: true } : said;
}

function saidOf(directive: ExpandedDirective, spec: DirectiveSpec, misreading: Misreading, maddy: string): Finding {
  const arg = misreading.argument === null ? undefined : directive.args[misreading.argument];
  switch (misreading.problem) {
    case 'block':
      return finding(blockNotAllowed, directive.origin, blockWording(directive), maddy);
    case 'too-few':
    case 'too-many':
      return finding(
        argumentCount,
        countPlace(directive, misreading),
        countWording(directive, spec, misreading),
        maddy,
      );
    case 'form':
      return finding(
        valueShape,
        arg?.origin ?? spanOf(directive),
        formWording(directive, spec, misreading, arg),
        maddy,
      );
  }
}

function blockWording(directive: ExpandedDirective): Wording {
  return {
    message: `${directive.name} takes no block`,
    details: [
      'What stands in the block belongs to no directive. Remove the braces, or look for a line that is missing above them.',
    ],
  };
}

function countPlace(directive: ExpandedDirective, misreading: Misreading): Origin {
  const surplus = misreading.argument === null ? undefined : directive.args[misreading.argument];
  return surplus?.origin ?? directive.origin;
}

function countWording(directive: ExpandedDirective, spec: DirectiveSpec, misreading: Misreading): Wording {
  const { takes, example } = valueWords[spec.type];
  const surplus = misreading.problem === 'too-many';
  const details = [
    example === ''
      ? takesSentence(directive, takes)
      : `${takesSentence(directive, takes)}, for example: ${directive.name} ${example}`,
  ];
  const split = surplus ? splitText(directive, spec, misreading) : [];
  if (split.length > 0) details.push('A text with blanks needs double quotes around it.');
  if (!surplus && directive.args.length === 0) {
    details.push(vanishedMacro);
  }
  return {
    message: surplus ? `${directive.name} has too many arguments` : `${directive.name} has too few arguments`,
    ...(misreading.hint === null ? {} : { label: misreading.hint }),
    details,
    fixes: quoteFix(split, spec.type !== 'string'),
  };
}

/** Arguments that were probably meant as one text: those from the last one that the directive takes. */
function splitText(directive: ExpandedDirective, spec: DirectiveSpec, misreading: Misreading): readonly ExpandedArg[] {
  const { argument } = misreading;
  if (argument === null) return [];
  if (spec.type === 'string') return directive.args.slice(argument - 1);
  if (spec.type !== 'reply' && spec.type !== 'fail_action') return [];
  const [code, enhanced] = directive.args.slice(argument - 3);
  const isReply = /^[45]\d\d$/.test(code?.value ?? '') && /^[45]\.\d+\.\d+$/.test(enhanced?.value ?? '');
  return isReply ? directive.args.slice(argument - 1) : [];
}

function quoteFix(words: readonly ExpandedArg[], safe: boolean): readonly Fix[] {
  const [first, last] = [words[0]?.origin, words.at(-1)?.origin];
  if (first === undefined || last === undefined || !words.every((word) => isWrittenInPlace(word.origin))) return [];
  if (first.file !== last.file || last.range.end < first.range.start) return [];
  const text = `"${words
    .map((word) => word.value)
    .join(' ')
    .replaceAll('"', '\\"')}"`;
  const range = { start: first.range.start, end: last.range.end };
  return [{ title: 'put the text in quotes', safe, edits: [{ file: first.file, range, text }] }];
}

function takesSentence(directive: ExpandedDirective, takes: string): string {
  return `${directive.name} takes ${takes}`;
}

function formWording(
  directive: ExpandedDirective,
  spec: DirectiveSpec,
  misreading: Misreading,
  arg: ExpandedArg | undefined,
): Wording {
  const secret =
    spec.secretFrom !== undefined && (misreading.argument === null || misreading.argument >= spec.secretFrom);
  const shown = secret ? 'this value' : `"${arg?.value ?? directive.args.map((each) => each.value).join(' ')}"`;
  const label = misreading.hint === null ? {} : { label: misreading.hint };
  if (spec.values !== undefined && arg !== undefined) return choiceWording(directive, spec.values, arg, shown);
  const part = replyPart(spec, misreading);
  const words = valueWords[part === null ? spec.type : 'reply'];
  const own = spec.default === undefined || Array.isArray(spec.default) ? words.example : exampleOf(spec);
  const before = part === null ? [] : directive.args.slice(0, part).map((each) => each.value);
  const example = [directive.name, ...before, part === null ? own : words.example].join(' ');
  return {
    message: `${shown} is not ${words.a}`,
    ...label,
    details: [`${capital(words.a)} is ${words.forms}, for example: ${example}`],
  };
}

function choiceWording(
  directive: ExpandedDirective,
  values: readonly string[],
  arg: ExpandedArg,
  shown: string,
): Wording {
  const best = values.find((value) => value.toLowerCase() === arg.value.toLowerCase()) ?? nearest(arg.value, values);
  return {
    message: `${shown} is not a value of ${directive.name}`,
    details: [`Known values: ${values.join(', ')}.`],
    ...correction(arg.origin, arg.value, best),
  };
}

/** How many arguments stand before the reply that is misread; null when it is something else. */
function replyPart({ type }: DirectiveSpec, { argument }: Misreading): number | null {
  const before = type === 'fail_action' ? 1 : type === 'command_code' ? 2 : Number.POSITIVE_INFINITY;
  return (argument ?? 0) >= before ? before : null;
}

function exampleOf(spec: DirectiveSpec): string {
  if (typeof spec.default === 'boolean') return spec.default ? 'yes' : 'no';
  return String(spec.default);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** From the name to the last argument. */
export function spanOf(directive: ExpandedDirective): Origin {
  const last = directive.args.at(-1)?.origin;
  if (last === undefined || last.file !== directive.origin.file || last.range.end < directive.origin.range.start) {
    return directive.origin;
  }
  return { ...directive.origin, range: { start: directive.origin.range.start, end: last.range.end } };
}
