import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import type { Diagnostic, Fix, Place } from './diagnostic.ts';

/** What is said where nobody knows more. */
export const vanishedMacro =
  'If a macro stands here, it stands for nothing: it is not defined above this line, or has no value.';

/** Macros are declared by others; what comes after so many is no configuration. */
const mostSteps = 20;

/** Of a line that is looked at, in characters. */
const longestLine = 1000;

/** Finds, for what lacks arguments, the reference to an undefined macro because of which they vanished. */
export class UndefinedCauses {
  readonly #uses: readonly Diagnostic[];
  readonly #known = new Map<SourceFile, Map<string, Diagnostic | null>>();
  readonly #declarations = new Map<SourceFile, ReadonlyMap<string, readonly string[]>>();

  /** The findings about references to undefined macros. */
  constructor(uses: readonly Diagnostic[]) {
    this.#uses = uses;
  }

  /** The finding with its cause as a related place; what would repair the cause repairs this, too. */
  explain(diagnostic: Diagnostic): Diagnostic {
    const { place } = diagnostic;
    if (place === null) return diagnostic;
    const own = lineOf(place);
    for (const name of referencesIn(restOfLine(place))) {
      const cause = this.#causeOf(name, place.file, own);
      if (cause?.place == null) continue;
      const line = lineOf(cause.place);
      const what =
        line === own
          ? `${cause.message}: nothing takes its place.`
          : `$(${name}) stands for nothing: ${cause.message} (line ${line}).`;
      return {
        ...diagnostic,
        details: [what, ...diagnostic.details.filter((detail) => detail !== vanishedMacro)],
        related: [{ ...cause.place, message: cause.message }, ...diagnostic.related],
        fixes: [...diagnostic.fixes, ...(line === own ? cause.fixes : cause.fixes.map((fix) => inLine(line, fix)))],
      };
    }
    return diagnostic;
  }

  /** The undefined reference behind a macro: its own, in this line if it stands there, or one in its declaration. */
  #causeOf(name: string, file: SourceFile, line: number): Diagnostic | null {
    const own = this.#usesOf(name, file);
    const here = own.find(({ place }) => place !== null && lineOf(place) === line) ?? own[0];
    return here ?? this.#behind(name, file);
  }

  #usesOf(name: string, file: SourceFile): readonly Diagnostic[] {
    return this.#uses.filter(({ place }) => place?.file === file && textOf(place) === `$(${name})`);
  }

  /** Each macro is asked about once, also where they declare each other in a circle. */
  #behind(name: string, file: SourceFile, steps = mostSteps): Diagnostic | null {
    const known = this.#known.get(file) ?? new Map<string, Diagnostic | null>();
    this.#known.set(file, known);
    const before = known.get(name);
    if (before !== undefined || steps === 0) return before ?? null;
    known.set(name, null);
    for (const next of this.#declarationsIn(file).get(name) ?? []) {
      const cause = this.#usesOf(next, file)[0] ?? this.#behind(next, file, steps - 1);
      if (cause === null) continue;
      known.set(name, cause);
      return cause;
    }
    return null;
  }

  /** Macros by the references in their declarations. */
  #declarationsIn(file: SourceFile): ReadonlyMap<string, readonly string[]> {
    const known = this.#declarations.get(file);
    if (known !== undefined) return known;
    const found = new Map<string, readonly string[]>();
    for (const [, name = '', values = ''] of file.text.matchAll(/^[ \t]*\$\(([^()\s]+)\)[ \t]*=(.*)$/gm)) {
      found.set(name, referencesIn(values.slice(0, longestLine)));
    }
    this.#declarations.set(file, found);
    return found;
  }
}

function inLine(line: number, fix: Fix): Fix {
  return fix.title.includes(' in line ') ? fix : { ...fix, title: `line ${line}: ${fix.title}` };
}

function restOfLine({ file, range }: Place): string {
  const [line = ''] = file.text.slice(range.start, range.start + longestLine).split('\n', 1);
  return line;
}

function referencesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\$\(([^()\s]+)\)/g)].map(([, name = '']) => name))];
}

const textOf = ({ file, range }: Place): string => file.text.slice(range.start, range.end);

const lineOf = ({ file, range }: Place): number => lineIndexAt(file, range.start) + 1;
