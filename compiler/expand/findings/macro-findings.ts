import type { Code } from '../../../grammar/code.ts';
import type { Dialect } from '../../../grammar/dialect.ts';
import type { Fix, Place, Related } from '../../diagnostics/diagnostic.ts';
import { lineIndexAt } from '../../source/source-file.ts';
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
    const meant = new Map<string, Set<string>>();
    for (const use of this.#undefined) this.#reportUndefined(use, list, otherFiles, meant);
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
        const [used = null, ...others] = meant.get(name) ?? [];
        const isMisspelt = used !== null && others.length === 0;
        list.add(codes.unusedMacro, `$(${name}) is never used`, declaration.place, {
          details: isMisspelt ? [`Is it $(${used}), which is used and declared nowhere?`] : [],
          fixes: isMisspelt ? [renamed(declaration, used)] : [],
        });
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

  /** `meant`: declared names that nothing uses, with the unknown ones that come close to them. */
  #reportUndefined(
    use: UndefinedUse,
    list: DiagnosticList,
    others: readonly MacroWatch[],
    meant: Map<string, Set<string>>,
  ): void {
    const { name, argument, isWhole } = use;
    const elsewhere = others.map((other) => other.placeOf(name)).find((found) => found !== null) ?? null;
    const code = this.#codeOf(use, elsewhere !== null);
    if (!list.wants(code)) return;
    const place = placeIn(argument, name);
    const shown = shortened(argument.value);
    const inWord = this.#dialect === 'madmail-2' ? 'stays as it is written' : `nothing takes its place in "${shown}"`;
    const label = isWhole ? 'the whole argument disappears' : inWord;
    switch (code) {
      case codes.referencesReadAsOne:
        list.add(code, `"${shown}" is read as one reference`, place, {
          label: 'no macro has that name, so the whole argument disappears',
        });
        return;
      case codes.parenthesisAfterReference:
        list.add(code, 'this reference ends only at the last ")"', place, {
          label: `read as a macro named "${shortened(name)}", which does not exist`,
          details: [isWhole ? 'The whole argument disappears.' : 'Nothing takes its place.'],
        });
        return;
      case codes.macroUsedBeforeDefinition:
        list.add(code, `$(${name}) is declared only below`, place, { label, related: this.#declaredHere(name) });
        return;
      case codes.macroOfOtherFile:
        list.add(code, `$(${name}) is declared in another file, where this one does not see it`, place, {
          label,
          related: elsewhere === null ? [] : [{ ...elsewhere, message: 'declared here, for its own file' }],
        });
        return;
      default:
        this.#reportUnknown(name, place, label, list, meant);
    }
  }

  #codeOf({ name, isWhole }: UndefinedUse, isElsewhere: boolean): Code {
    if (isWhole && name.includes('$(')) return codes.referencesReadAsOne;
    if (name.includes(')') && this.#dialect !== 'madmail-2') return codes.parenthesisAfterReference;
    if (this.#declarations.has(name)) return codes.macroUsedBeforeDefinition;
    return isElsewhere ? codes.macroOfOtherFile : codes.undefinedMacro;
  }

  #reportUnknown(
    name: string,
    place: Place,
    label: string,
    list: DiagnosticList,
    meant: Map<string, Set<string>>,
  ): void {
    const best = nearest(name, this.#declarations.keys());
    const declaration = best === null ? undefined : this.#declarations.get(best);
    if (best === null || declaration === undefined) {
      list.add(codes.undefinedMacro, `$(${name}) is not defined`, place, { label });
      return;
    }
    const edits = [{ ...place, text: referenceText(place, name, best) }];
    // What nothing uses is what was misspelt.
    const isLeftOver = declaration.uses === 0 && declaration.before === null;
    if (isLeftOver) meant.set(best, (meant.get(best) ?? new Set()).add(name));
    list.add(codes.undefinedMacro, `$(${name}) is not defined`, place, {
      label,
      details: [
        isLeftOver
          ? `Nothing uses $(${best}), which is declared in line ${lineOf(declaration.place)}: one of the two names is misspelt.`
          : `Did you mean $(${best})?`,
      ],
      related: this.#declaredHere(best),
      fixes: [...(isLeftOver ? [renamed(declaration, name)] : []), { title: `write $(${best})`, safe: false, edits }],
    });
  }

  #declaredHere(name: string): Related[] {
    const place = this.placeOf(name);
    return place === null ? [] : [{ ...place, message: `$(${name}) is declared here` }];
  }
}

function renamed({ place }: Declaration, name: string): Fix {
  return {
    title: `rename the declaration in line ${lineOf(place)} to $(${name})`,
    safe: false,
    edits: [{ ...place, text: `$(${name})` }],
  };
}

const lineOf = ({ file, range }: Place): number => lineIndexAt(file, range.start) + 1;

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
