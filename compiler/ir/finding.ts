import { diagnose } from '../diagnostics/diagnose.ts';
import type { Code, Diagnostic, Fix, Place, Related } from '../diagnostics/diagnostic.ts';
import { isWrittenInPlace, provenance } from '../diagnostics/provenance.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Origin } from '../source/origin.ts';

/**
 * A diagnostic together with maddy's own words. Stages give findings in the order in which maddy would come across
 * them, so that the first one with such words is its verdict.
 */
export interface Finding {
  readonly diagnostic: Diagnostic;
  /** maddy's whole text, null where maddy says nothing. */
  readonly maddy: string | null;
  /**
   * `as-maddy`: only when somebody asks how maddy judges (D19). `nobody`: it follows from another finding and counts for
   * maddy's verdict alone.
   */
  readonly audience: 'everybody' | 'as-maddy' | 'nobody';
  /** The directive that is missing, which might as well stand at the top of the file. */
  readonly lacks?: string;
  /** maddy comes to it only after the rest of the block. */
  readonly late?: true;
  /** The configuration can be loaded, but what it asks for fails when the server starts: an address that nobody can listen on. */
  readonly failsAtStart?: true;
}

export interface Wording {
  readonly message: string;
  readonly label?: string;
  readonly details?: readonly string[];
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

/** `where` is the cause; the way by which it got here (macros, imports) is added as related places. */
export function finding(
  code: Code,
  where: Origin | null,
  wording: Wording,
  maddy: string | null = null,
  audience: Finding['audience'] = 'everybody',
): Finding {
  const place = where === null ? null : placeOf(where);
  const diagnostic = diagnose(code, wording.message, place, {
    label: wording.label ?? null,
    details: wording.details ?? [],
    related: [...(wording.related ?? []), ...(where === null ? [] : provenance(where))],
    fixes: wording.fixes ?? [],
  });
  return { diagnostic, maddy, audience };
}

/** It follows from another finding: for maddy's verdict alone. */
export function unsaid(finding: Finding): Finding {
  return { ...finding, audience: 'nobody' };
}

/** maddy's usual form: the file as it was named, the line of the directive, the text. */
export function atLine(directive: ExpandedDirective, text: string): string {
  return `${directive.origin.file.path}:${directive.line}: ${text}`;
}

export function placeOf(origin: Origin): Place {
  return { file: origin.file, range: origin.range };
}

/** A fix that writes `text` instead of what stands at `origin`; none for values that a macro or variable wrote. */
export function replacement(title: string, origin: Origin, text: string, safe: boolean): readonly Fix[] {
  if (!isWrittenInPlace(origin)) return [];
  return [{ title, safe, edits: [{ ...placeOf(origin), text }] }];
}

/** Also for lists that are too long to be arguments of a call. */
export function append(list: Finding[], more: readonly Finding[]): void {
  for (const each of more) list.push(each);
}
