/** What a directive has after its name, as the readers of values take it. */
export interface Words {
  readonly args: readonly string[];
  /** `{ }` is mostly taken for no block at all, so the two are told apart. */
  readonly block: 'none' | 'empty' | 'filled';
}

/** What is wrong with the words: a block where none belongs, too few or too many arguments, or one of the wrong form. */
export type Problem = 'block' | 'too-few' | 'too-many' | 'form';

export interface Misreading {
  readonly ok: false;
  readonly problem: Problem;
  /** maddy's text, without file and line. */
  readonly error: string;
  /** Index of the argument at fault; null when it is the directive as a whole. */
  readonly argument: number | null;
  /** What is wrong with it in a few plain words ("the unit is missing"), where more can be said than the expected form. */
  readonly hint: string | null;
  /** maddy says `error` without file and line. */
  readonly placeless?: true;
  /** maddy looks at it only when the whole block has been read. */
  readonly late?: true;
}

export type Reading<T> = { readonly ok: true; readonly value: T } | Misreading;

export function read<T>(value: T): Reading<T> {
  return { ok: true, value };
}

export function misread(
  problem: Problem,
  error: string,
  argument: number | null = null,
  hint: string | null = null,
): Misreading {
  return { ok: false, problem, error, argument, hint };
}
