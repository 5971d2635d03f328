import type { Place, Related } from '../../diagnostics/diagnostic.ts';
import type { At } from '../../plan/plan.ts';
import { type ExplainedStep, shortName } from '../../routing/explain/request.ts';
import type { Way } from '../../routing/prove/model.ts';
import type { SourceFile } from '../../source/source-file.ts';

/** What is written at a place of the plan, to the end of its line or the beginning of its block. */
export function placeAt(files: readonly SourceFile[], [file, line, column]: At): Place | null {
  const source = files[file];
  if (source === undefined) return null;
  const start = (source.lineStarts[line - 1] ?? 0) + column - 1;
  const rest = source.text.slice(start, source.lineStarts[line] ?? source.text.length);
  const written = /^(?:"[^"\n]*"|[^"\s{#]+|\{env:[^}\s]*\}|[ \t]+(?=[^\s{#]))+/.exec(rest)?.[0] ?? rest.trimEnd();
  return { file: source, range: { start, end: start + Math.max(1, written.length) } };
}

/** The way of a message as related places: the blocks that take it, and where it ends. */
export function pathOf(files: readonly SourceFile[], way: Way): readonly Related[] {
  const found: Related[] = [];
  const seen = new Set<string>();
  const add = (at: At, message: string): void => {
    const key = at.join(' ');
    const place = seen.has(key) ? null : placeAt(files, at);
    if (place === null) return;
    seen.add(key);
    found.push({ ...place, message });
  };
  for (const step of way.steps) {
    const words = wordsFor(step);
    if (words !== null) add(step.at, words);
  }
  for (const { scope, at } of way.deliveries) {
    add(at, scope === 'relay' ? 'and from here to other hosts' : 'where it is delivered');
  }
  return found;
}

function wordsFor(step: ExplainedStep): string | null {
  switch (step.kind) {
    case 'source':
    case 'destination': {
      if (!step.taken || step.implicit) return null;
      if (step.table !== null) return `the table ${step.table.name ?? shortName(step.table)} takes it here`;
      return step.matched === null ? 'which no rule before this block takes' : `"${step.matched}" takes it here`;
    }
    case 'deliver':
      return step.module === null
        ? 'is routed anew from here'
        : `goes to ${step.module.name === null ? shortName(step.module) : `&${step.module.name}`}`;
    case 'queue':
      return 'waits in this queue';
    case 'reject':
      return 'refuses it';
    default:
      return null;
  }
}

/** How to see the way with every step; the shell puts the values of variables in. */
export function commandFor(files: readonly SourceFile[], { traffic }: Way): string {
  const { entrance, auth, sender, recipient } = traffic;
  const quoted = (text: string): string =>
    /^[\w@.+-]+$/.test(text)
      ? text
      : `"${asWritten(files, text).replaceAll(/\{env:(\w+)\}(\w?)/g, (_, name, next) => (next === '' ? `$${name}` : `\${${name}}${next}`))}"`;
  const login = auth === null ? '' : ` --auth ${quoted(auth)}`;
  return `maddyc route --endpoint ${quoted(entrance.name)}${login} --from ${quoted(sender.representative)} --to ${quoted(recipient.representative)}`;
}

/** Addresses are compared in lower case, but the name of a variable in them is what the files call it. */
export function asWritten(files: readonly SourceFile[], text: string): string {
  return text.replaceAll(/\{env:[^{}]+\}/g, (lowered) => {
    const length = lowered.length;
    for (const file of files) {
      for (const { index } of file.text.matchAll(/\{env:/g)) {
        const written = file.text.slice(index, index + length);
        if (written.toLowerCase() === lowered.toLowerCase()) return written;
      }
    }
    return lowered;
  });
}

/** Why whoever comes in there is nobody known. */
export function loginLabel({ traffic }: Way): string {
  return traffic.entrance.takesAnyPassword ? 'every password is right here' : 'no login is asked for';
}

export const passwordsAdvice =
  'dummy takes every name with every password: name a provider that checks them, such as dovecot_sasl or pass_table.';

/** Checks that were taken to pass on the way, by name. */
export function checksOn({ steps }: Way): readonly string[] {
  const names = steps.flatMap((step) => (step.kind === 'check' ? [step.module.name ?? shortName(step.module)] : []));
  return [...new Set(names)];
}
