/** Why an expression is not valid RE2, in the words of Go's regexp package, with the part that it names. */
export interface ExpressionFault {
  readonly reason: string;
  readonly part: string;
}

const deepestNesting = 1000;
const largestCount = 1000;

/** A group `(?P<name>…)`: the number under which it is captured, and where its `(?P<name>` stands in the expression. */
export interface NamedGroup {
  readonly name: string;
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Checks the syntax only; null when the expression can be compiled. Linear in its length. */
export function expressionFault(expression: string): ExpressionFault | null {
  return new Scanner(expression).run();
}

/** The named groups of an expression without a fault, in their order. Go lets several have one name. */
export function namedGroups(expression: string): readonly NamedGroup[] {
  const scanner = new Scanner(expression);
  scanner.run();
  return scanner.namedGroups;
}

class Scanner {
  readonly #text: string;
  readonly namedGroups: NamedGroup[] = [];
  #at = 0;
  #depth = 0;
  #groups = 0;
  /** How often what stands before is repeated, inner repetitions included; the most in this group before it; that of the groups around it. */
  #repeats = 1;
  #mostRepeats = 1;
  readonly #outer: number[] = [];
  /** Start of the last repetition, while it is what a further one would apply to. */
  #repetition: number | null = null;
  #repeatable = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): ExpressionFault | null {
    while (this.#at < this.#text.length) {
      const fault = this.#item();
      if (fault !== null) return fault;
    }
    return this.#depth > 0 ? { reason: 'missing closing )', part: this.#text } : null;
  }

  #item(): ExpressionFault | null {
    switch (this.#text[this.#at]) {
      case '(':
        return this.#open();
      case ')':
        if (this.#depth === 0) return { reason: 'unexpected )', part: this.#text };
        this.#depth -= 1;
        return this.#leave();
      case '|':
        return this.#pass(1, false);
      case '*':
      case '+':
      case '?':
        return this.#repeat(1);
      case '{':
        return this.#count();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      default:
        return this.#pass(1, true);
    }
  }

  #pass(length: number, repeatable: boolean): null {
    this.#at += length;
    this.#repeatable = repeatable;
    this.#repetition = null;
    this.#mostRepeats = Math.max(this.#mostRepeats, this.#repeats);
    this.#repeats = 1;
    return null;
  }

  #leave(): null {
    this.#pass(1, true);
    this.#repeats = this.#mostRepeats;
    this.#mostRepeats = this.#outer.pop() ?? 1;
    return null;
  }

  #open(): ExpressionFault | null {
    const rest = this.#text.slice(this.#at, this.#at + 64);
    if (!rest.startsWith('(?')) {
      this.#groups += 1;
      return this.#enter(1);
    }
    if (rest.startsWith('(?P<') || rest.startsWith('(?<')) return this.#named();
    const flags = /^\(\?[imsU]*(?:-[imsU]+)?([:)])/.exec(rest);
    if (flags === null) return { reason: 'invalid or unsupported Perl syntax', part: rest.slice(0, 3) };
    // Flags alone are nothing that could be repeated: what follows them repeats what stands before them.
    if (flags[1] === ':') return this.#enter(flags[0].length);
    this.#at += flags[0].length;
    this.#repetition = null;
    return null;
  }

  #named(): ExpressionFault | null {
    const end = this.#text.indexOf('>', this.#at);
    const whole = end === -1 ? this.#text.slice(this.#at) : this.#text.slice(this.#at, end + 1);
    if (/^\(\?<[=!]/.test(whole)) return { reason: 'invalid or unsupported Perl syntax', part: whole.slice(0, 4) };
    const name = /^\(\?P?<(\w+)>$/.exec(whole)?.[1];
    if (name === undefined) return { reason: 'invalid named capture', part: whole };
    this.#groups += 1;
    this.namedGroups.push({ name, number: this.#groups, start: this.#at, end: this.#at + whole.length });
    return this.#enter(whole.length);
  }

  #enter(length: number): ExpressionFault | null {
    this.#depth += 1;
    if (this.#depth > deepestNesting) return { reason: 'expression nests too deeply', part: this.#text };
    this.#pass(length, false);
    this.#outer.push(this.#mostRepeats);
    this.#mostRepeats = 1;
    return null;
  }

  #repeat(length: number): ExpressionFault | null {
    const start = this.#at;
    const lazy = this.#text[start + length] === '?' ? 1 : 0;
    const end = start + length + lazy;
    if (this.#repetition !== null) {
      return { reason: 'invalid nested repetition operator', part: this.#text.slice(this.#repetition, end) };
    }
    if (!this.#repeatable) {
      return { reason: 'missing argument to repetition operator', part: this.#text.slice(start, end) };
    }
    this.#at = end;
    this.#repetition = start;
    return null;
  }

  #count(): ExpressionFault | null {
    const match = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 32));
    if (match === null) return this.#pass(1, true);
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === '' ? least : Number(match[3]);
    if (least > largestCount || most > largestCount || most < least) {
      return { reason: 'invalid repeat count', part: match[0] };
    }
    const fault = this.#repeat(match[0].length);
    if (fault !== null) return fault;
    // Repetitions in repetitions count together, but not in what never comes.
    const factor = match[3] === '' ? Math.max(1, least) : most;
    this.#repeats *= factor;
    return this.#repeats > largestCount ? { reason: 'invalid repeat count', part: match[0] } : null;
  }

  #escape(): ExpressionFault | null {
    if (this.#text.startsWith('\\Q', this.#at)) {
      const end = this.#text.indexOf('\\E', this.#at + 2);
      const length = (end === -1 ? this.#text.length : end) - this.#at - 2;
      return this.#pass((end === -1 ? this.#text.length : end + 2) - this.#at, length > 0 || this.#repeatable);
    }
    const sequence = escapeAt(this.#text, this.#at, 'outside');
    return typeof sequence === 'number' ? this.#pass(sequence, true) : sequence;
  }

  #class(): ExpressionFault | null {
    const start = this.#at;
    let at = start + (this.#text[start + 1] === '^' ? 2 : 1);
    for (let first = true; first || this.#text[at] !== ']'; first = false) {
      if (at >= this.#text.length) return { reason: 'missing closing ]', part: this.#text.slice(start) };
      const length = this.#classItem(at);
      if (typeof length !== 'number') return length;
      at += length;
    }
    return this.#pass(at + 1 - start, true);
  }

  #classItem(at: number): number | ExpressionFault {
    const posix = /^\[:(\^?)(\w*):\]/.exec(this.#text.slice(at, at + 32));
    if (posix !== null) {
      return posixClasses.has(posix[2] ?? '')
        ? posix[0].length
        : { reason: 'invalid character class range', part: posix[0] };
    }
    // A class in a class, which cannot be an end of a range.
    if (/^\\[dDsSwWpP]/.test(this.#text.slice(at, at + 2))) return escapeAt(this.#text, at, 'in class');
    const low = this.#classCharacter(at);
    if (typeof low === 'object') return low;
    const dash = at + low;
    if (this.#text[dash] !== '-' || this.#text[dash + 1] === ']' || dash + 1 >= this.#text.length) return low;
    const high = this.#classCharacter(dash + 1);
    if (typeof high === 'object') return high;
    const part = this.#text.slice(at, dash + 1 + high);
    const from = characterOf(this.#text.slice(at, dash));
    const to = characterOf(this.#text.slice(dash + 1, dash + 1 + high));
    return from > to ? { reason: 'invalid character class range', part } : low + 1 + high;
  }

  #classCharacter(at: number): number | ExpressionFault {
    if (this.#text[at] === '\\') return escapeAt(this.#text, at, 'character');
    return (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
}

const posixClasses: ReadonlySet<string> = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
);

/** The code point that a character of a class stands for, as it is written or as a valid escape sequence. */
function characterOf(written: string): number {
  const number = /^\\(?:x\{?([\da-fA-F]+)|([0-7]+))/.exec(written);
  if (number !== null) return number[1] === undefined ? parseInt(number[2] ?? '', 8) : parseInt(number[1], 16);
  const escaped = '\\a\\t\\n\\v\\f\\r'.indexOf(written);
  if (written.length === 2 && escaped !== -1) return controlCharacters[escaped / 2] ?? 0;
  return written.codePointAt(written.length > 1 && written[0] === '\\' ? 1 : 0) ?? 0;
}

const controlCharacters = [0x07, 0x09, 0x0a, 0x0b, 0x0c, 0x0d] as const;

/** Length of the escape sequence at `at`, or what is wrong with it. */
function escapeAt(text: string, at: number, where: 'outside' | 'in class' | 'character'): number | ExpressionFault {
  const next = text[at + 1];
  if (next === undefined) return { reason: 'trailing backslash at end of expression', part: '' };
  if (where !== 'character') {
    if (next === 'p' || next === 'P') return unicodeClassAt(text, at);
    if (/[dDsSwW]/.test(next)) return 2;
  }
  if (next === 'x') return hexadecimalAt(text, at);
  if (/[0-7]/.test(next)) return octalAt(text, at);
  if (/[afnrtv]/.test(next) || (where === 'outside' && /[AbBz]/.test(next))) return 2;
  const plain = next < '\u0080' && !/[A-Za-z0-9]/.test(next);
  const length = (text.codePointAt(at + 1) ?? 0) > 0xffff ? 3 : 2;
  return plain ? 2 : { reason: 'invalid escape sequence', part: text.slice(at, at + length) };
}

/** `\1` to `\7` alone would be a back reference, which RE2 does not have. */
function octalAt(text: string, at: number): number | ExpressionFault {
  const digits = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0] ?? '';
  if (digits.length === 1 && digits !== '0') return { reason: 'invalid escape sequence', part: text.slice(at, at + 2) };
  return 1 + digits.length;
}

function hexadecimalAt(text: string, at: number): number | ExpressionFault {
  const fault = (length: number): ExpressionFault => ({
    reason: 'invalid escape sequence',
    part: text.slice(at, at + length),
  });
  if (text[at + 2] !== '{') {
    const digits = [...text.slice(at + 2, at + 6)].slice(0, 2).join('');
    return /^[\da-fA-F]{2}$/.test(digits) ? 4 : fault(2 + digits.length);
  }
  let value = 0;
  for (let end = at + 3; end < text.length; end += 1) {
    const digit = text[end] ?? '';
    if (digit === '}') return end > at + 3 ? end + 1 - at : fault(4);
    if (!/[\da-fA-F]/.test(digit)) return fault(end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1) - at);
    value = value * 16 + Number.parseInt(digit, 16);
    if (value > 0x10ffff) return fault(end + 1 - at);
  }
  return fault(text.length - at);
}

function unicodeClassAt(text: string, at: number): number | ExpressionFault {
  const match = /^\\[pP](?:\{(\^?)([\w ]+)\}|(\w))/.exec(text.slice(at, at + 64));
  const name = match?.[2] ?? match?.[3];
  if (match === null || name === undefined || !isUnicodeClass(name)) {
    return { reason: 'invalid character class range', part: match?.[0] ?? text.slice(at, at + 2) };
  }
  return match[0].length;
}

function isUnicodeClass(name: string): boolean {
  if (name === 'Any') return true;
  return [`\\p{General_Category=${name}}`, `\\p{Script=${name}}`].some((source) => {
    try {
      return new RegExp(source, 'u') instanceof RegExp;
    } catch {
      return false;
    }
  });
}
