import type { Dialect } from '../../../grammar/dialect.ts';
import type { Place, Related } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import type { Argument } from '../directive.ts';
import type { MacroWitness } from '../macros.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import * as codes from './macro-codes.ts';

interface Declaration {
  readonly place: Place;
  /** The one that this one replaces, used above or not. */
  readonly before: Declaration | null;
  uses: number;
}

interface UndefinedUse {
  readonly name: string;
  readonly argument: Argument;
  readonly isWhole: boolean;
}

/** Madmail 2 reads these as settings, without any reference to them. */
const settingsOfMadmail: ReadonlySet<string> = new Set(['hostname', 'primary_domain', 'local_domains', 'public_ip']);

const listLike = /(?:domains|hosts|addresses|users|names|networks|_list|_ips)$/;

/** Watches the macros of one file while it is read; what it saw becomes findings when all files are known. */
export class MacroWatch implements MacroWitness {
  readonly #dialect: Dialect;
  readonly #declarations = new Map<string, Declaration>();
  readonly #replaced: Declaration[] = [];
  readonly #undefined: UndefinedUse[] = [];
  readonly #listLike: UndefinedUse[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  declared(name: string, place: Place): void {
    const before = this.#declarations.get(name) ?? null;
    const declaration = { place, before, uses: 0 };
    if (before !== null) this.#replaced.push(declaration);
    this.#declarations.set(name, declaration);
  }

  used(name: string, argument: Argument, isWhole: boolean, isDefined: boolean): void {
    const declaration = this.#declarations.get(name);
    if (declaration !== undefined) declaration.uses += 1;
    if (!isDefined) this.#undefined.push({ name, argument, isWhole });
    else if (!isWhole && listLike.test(name)) this.#listLike.push({ name, argument, isWhole });
  }

  placeOf(name: string): Place | null {
    return this.#declarations.get(name)?.place ?? null;
  }

  report(list: DiagnosticList, otherFiles: readonly MacroWatch[]): void {
    for (const use of this.#undefined) this.#reportUndefined(use, list, otherFiles);
    for (const { name, argument } of this.#listLike) {
      list.add(
        codes.listLikeMacroInWord,
        `$(${name}) is named like a list and stands inside a word`,
        placeIn(argument, name),
        {
          label: 'refused as soon as it has two values',
          related: this.#declaredHere(name),
        },
      );
    }
    for (const [name, declaration] of this.#declarations) {
      const isSetting = this.#dialect === 'madmail-2' && settingsOfMadmail.has(name);
      if (declaration.uses === 0 && declaration.before === null && !isSetting) {
        list.add(codes.unusedMacro, `$(${name}) is never used`, declaration.place);
      }
    }
    for (const { place, before } of this.#replaced) this.#reportReplaced(place, before, list);
  }

  /** `$(m) = $(m) x` adds to a macro and says so by itself. */
  #reportReplaced(place: Place, before: Declaration | null, list: DiagnosticList): void {
    const { file, range } = place;
    const name = file.text.slice(range.start, range.end);
    const line = file.text.slice(range.end, file.text.indexOf('\n', range.end) >>> 0);
    if (before === null || line.includes(name)) return;
    list.add(codes.macroRedefined, `${name} is declared again`, place, {
      label: 'counts from here on',
      related: [{ ...before.place, message: 'declared here before' }],
    });
  }

  #reportUndefined(
    { name, argument, isWhole }: UndefinedUse,
    list: DiagnosticList,
    others: readonly MacroWatch[],
  ): void {
    const place = placeIn(argument, name);
    const effect = isWhole
      ? 'the whole argument disappears'
      : `nothing takes its place in "${shortened(argument.value)}"`;
    if (isWhole && name.includes('$(')) {
      list.add(codes.referencesReadAsOne, `"${shortened(argument.value)}" is read as one reference`, place, {
        label: 'no macro has that name, so the whole argument disappears',
      });
    } else if (name.includes(')') && this.#dialect !== 'madmail-2') {
      list.add(codes.parenthesisAfterReference, `this reference ends only at the last ")"`, place, {
        label: `read as a macro named "${shortened(name)}", which does not exist`,
        details: [isWhole ? 'The whole argument disappears.' : 'Nothing takes its place.'],
      });
    } else if (this.#declarations.has(name)) {
      list.add(codes.macroUsedBeforeDefinition, `$(${name}) is declared only below`, place, {
        label: effect,
        related: this.#declaredHere(name),
      });
    } else this.#reportUnknown(name, place, effect, list, others);
  }

  #reportUnknown(
    name: string,
    place: Place,
    effect: string,
    list: DiagnosticList,
    others: readonly MacroWatch[],
  ): void {
    const elsewhere = others.map((other) => other.placeOf(name)).find((found) => found !== null) ?? null;
    if (elsewhere !== null) {
      list.add(
        codes.macroOfOtherFile,
        `$(${name}) is declared in another file, where this one does not see it`,
        place,
        {
          label: effect,
          related: [{ ...elsewhere, message: 'declared here, for its own file' }],
        },
      );
      return;
    }
    if (!list.wants(codes.undefinedMacro)) return;
    const best = nearest(name, this.#declarations.keys());
    list.add(codes.undefinedMacro, `$(${name}) is not defined`, place, {
      label: effect,
      details: best === null ? [] : [`Did you mean $(${best})?`],
      related: best === null ? [] : this.#declaredHere(best),
      fixes:
        best === null
          ? []
          : [{ title: `write $(${best})`, safe: false, edits: [{ ...place, text: referenceText(place, name, best) }] }],
    });
  }

  #declaredHere(name: string): Related[] {
    const place = this.placeOf(name);
    return place === null ? [] : [{ ...place, message: `$(${name}) is declared here` }];
  }
}

/** The reference where it stands letter by letter, else the argument that holds it. */
function placeIn({ file, start, end }: Argument, name: string): Place {
  const reference = `$(${name})`;
  const at = file.text.slice(start, end).indexOf(reference);
  const range = at === -1 ? { start, end } : { start: start + at, end: start + at + reference.length };
  return { file, range };
}

const referenceText = ({ file, range }: Place, name: string, best: string): string =>
  file.text.slice(range.start, range.end).replaceAll(`$(${name})`, () => `$(${best})`);

const LONGEST_SHOWN = 60;
const shortened = (text: string): string => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
