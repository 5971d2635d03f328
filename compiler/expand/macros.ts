import type { Dialect } from '../../grammar/dialect.ts';
import type { Refused } from '../../grammar/structure.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { Passage } from '../source/span.ts';
import type { Budget } from './budget.ts';
import { Argument, type Directive } from './directive.ts';
import { budgetCodes, emptyMacroInWord, listMacroInWord } from './expand-codes.ts';
import {
  hasReference,
  type Lookup,
  type Substitution,
  substitute,
  substituteRescanning,
  wholeReference,
} from './substitution.ts';
import { around, Step, type Trail } from './trail.ts';

/** What is told about the use of macros, for findings. */
export interface MacroWitness {
  used(name: string, argument: Argument, isWhole: boolean, isDefined: boolean): void;
}

/** Where the reader is. */
export interface ReadingPlace {
  passage: Passage;
  /** Of the passage, in the offsets of the tokens. */
  base: number;
}

export interface MacroContext {
  readonly at: Readonly<ReadingPlace>;
  readonly dialect: Dialect;
  readonly budget: Budget;
  readonly witness: MacroWitness | null;
}

export const isRefused = (result: object | null): result is Refused => result !== null && 'refused' in result;

const nothing: readonly Argument[] = [];

const holdsOpening = ({ value }: Argument): boolean => value.includes('$(');

/** References in one argument whose places are remembered. */
const MOST_STEPS = 8;

/** The macros of one file, in force from their declaration on. */
export class MacroTable {
  readonly #context: MacroContext;
  readonly #macros = new Map<string, readonly Argument[]>();
  readonly #lookup: Lookup = (name) => this.#macros.get(name)?.map(({ value }) => value);

  constructor(context: MacroContext) {
    this.#context = context;
  }

  valuesOf(name: string): readonly Argument[] | undefined {
    return this.#macros.get(name);
  }

  /** Every macro as it stands at the end of the file. */
  get all(): ReadonlyMap<string, readonly Argument[]> {
    return this.#macros;
  }

  declare(name: string, values: readonly Argument[]): void {
    this.#macros.set(name, values);
  }

  expandTokens(tokens: readonly Token[]): Argument[] | Refused {
    const args = tokens.map((token) => this.#argument(token));
    return args.some(holdsOpening) ? this.#expandAll(args) : args;
  }

  /** Those of the tokens that disappear: each a reference to a macro that is not defined. */
  vanishing(tokens: readonly Token[]): readonly Argument[] {
    let gone: Argument[] | null = null;
    for (const token of tokens) {
      const value = tokenValue(token);
      const name = wholeReference(value);
      if (name === null || this.#macros.has(name)) continue;
      gone ??= [];
      gone.push(this.#argument(token));
    }
    return gone ?? nothing;
  }

  #argument(token: Token): Argument {
    const { passage, base } = this.#context.at;
    return new Argument(tokenValue(token), passage, startOf(token) - base, endOf(token) - base, null);
  }

  /** Macros in the arguments of a directive are looked at again whenever a block around it ends. */
  expandAgain(directive: Directive): Refused | null {
    const result = this.#expandAll(directive.args);
    if (isRefused(result)) return result;
    directive.args = result;
    return null;
  }

  #expandAll(args: readonly Argument[]): Argument[] | Refused {
    const result: Argument[] = [];
    for (const argument of args) {
      if (!holdsOpening(argument)) {
        result.push(argument);
        continue;
      }
      const refused = this.#expand(argument, result);
      if (refused !== null) return refused;
    }
    return result;
  }

  #expand(argument: Argument, into: Argument[]): Refused | null {
    if (this.#context.budget.isSpent) {
      // It was said already, and not of this one.
      const name = wholeReference(argument.value);
      if (name !== null) this.#context.witness?.used(name, argument, true, this.#macros.has(name));
      into.push(argument);
      return null;
    }
    const whole = wholeReference(argument.value);
    if (whole !== null) return this.#expandWhole(whole, argument, into);
    if (!hasReference(argument.value)) {
      into.push(argument);
      return null;
    }
    const { budget, dialect, witness } = this.#context;
    const replace = dialect === 'madmail-2' ? substituteRescanning : substitute;
    const lookup: Lookup = (name) => {
      witness?.used(name, argument, false, this.#macros.has(name));
      return this.#lookup(name);
    };
    const result = replace(argument.value, lookup, budget);
    if (!result.ok) return this.#refuse(result, argument);
    const trail = result.names.slice(0, MOST_STEPS).reduce<Trail | null>((inner, name) => {
      return this.#macros.has(name) ? around(stepInside(name, argument), inner) : inner;
    }, null);
    into.push(new Argument(result.text, argument.passage, argument.from, argument.to, around(argument.trail, trail)));
    return null;
  }

  #expandWhole(name: string, argument: Argument, into: Argument[]): Refused | null {
    const { budget, witness } = this.#context;
    const values = this.#macros.get(name);
    witness?.used(name, argument, true, values !== undefined);
    if (values === undefined) return null;
    if (!budget.takeNodes(values.length)) return this.#refuse({ ok: false, kind: 'budget' }, argument);
    const step = new Step('macro', name, argument);
    for (const value of values) {
      const trail = around(argument.trail, around(step, value.trail));
      into.push(value.withTrail(trail));
    }
    return null;
  }

  #refuse(failed: Exclude<Substitution, { ok: true }>, { range }: Argument): Refused {
    const { budget, dialect } = this.#context;
    if (failed.kind === 'budget') {
      const code = budgetCodes[budget.exhausted ?? 'characters'];
      return { refused: { code, message: code.summary, text: code.summary, form: 'line', range } };
    }
    if (failed.kind === 'empty') {
      const text = 'panic: runtime error: index out of range [0] with length 0';
      const message = `$(${failed.name}) stands inside a word and has no value`;
      return { refused: { code: emptyMacroInWord, message, text, form: 'nowhere', range } };
    }
    return {
      refused: {
        code: listMacroInWord,
        message: `$(${failed.name}) stands inside a word and has several values`,
        text: "can't expand macro with multiple arguments inside a string",
        form: dialect === 'madmail-2' ? 'nowhere' : 'line',
        range,
      },
    };
  }
}

/** The step through the reference itself when it stands there letter by letter. */
function stepInside(name: string, argument: Argument): Step {
  return new Step('macro', name, argument.find(`$(${name})`) ?? argument);
}
