/**
 * Texts that an expression is likely to match: one for each alternative, as short as can be. They show what the expression tells apart;
 * whether it really matches them, only its engine knows.
 */
export function examplesOf(expression: string): readonly string[] {
  return new ExampleReader(expression).alternatives(0);
}

/** More would only repeat what these show. */
const mostExamples = 16;
const longestExample = 320;
const deepestGroup = 20;

class ExampleReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  alternatives(depth: number): readonly string[] {
    const found: string[] = [...this.#sequence(depth)];
    while (this.#text[this.#at] === '|') {
      this.#at += 1;
      found.push(...this.#sequence(depth));
    }
    return [...new Set(found)].slice(0, mostExamples);
  }

  #sequence(depth: number): readonly string[] {
    let texts: readonly string[] = [''];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at] ?? '')) {
      const start = this.#at;
      const parts = this.#part(depth);
      const repeated = this.#repetition(parts, this.#text[start] === '.');
      texts = texts
        .flatMap((text) => repeated.map((part) => text + part))
        .filter((text) => text.length <= longestExample)
        .slice(0, mostExamples);
    }
    return texts;
  }

  #part(depth: number): readonly string[] {
    const start = this.#text[this.#at] ?? '';
    this.#at += 1;
    switch (start) {
      case '(':
        return this.#group(depth);
      case '[':
        return [this.#oneOfClass()];
      case '\\':
        return [this.#escaped()];
      case '^':
      case '$':
        return [''];
      case '.':
        return ['x'];
      default:
        return [start];
    }
  }

  #group(depth: number): readonly string[] {
    // (?i), (?i:…), (?P<name>…): flags and names say nothing about the text.
    const head = /^\?(?:P?<\w*>|[a-zA-Z-]*:?)/.exec(this.#text.slice(this.#at, this.#at + longestExample))?.[0] ?? '';
    this.#at += head.length;
    if (depth === deepestGroup) {
      this.#at = this.#text.length;
      return [];
    }
    const found = this.alternatives(depth + 1);
    this.#at += 1;
    return found;
  }

  /** Something that may be missing is there, but for what stands for anything. */
  #repetition(parts: readonly string[], isAnything: boolean): readonly string[] {
    const sign = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (sign === null) return parts;
    this.#at += sign[0].length;
    if (this.#text[this.#at] === '?') this.#at += 1;
    if (sign[0] === '*' && !isAnything) return ['', ...parts];
    if (sign[0] === '?') return ['', ...parts];
    const times = Math.min(Math.max(1, Number(sign[1] ?? 1)), longestExample);
    return parts.map((part) => part.repeat(times));
  }

  #oneOfClass(): string {
    const end = this.#text.indexOf(']', this.#at + (this.#text[this.#at] === '^' ? 2 : 1));
    const inner = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 1;
    // [[:alpha:]] ends with two brackets.
    if (inner.includes('[:') && this.#text[this.#at] === ']') this.#at += 1;
    if (inner.startsWith('[:')) return inner.includes('digit') ? '0' : 'x';
    if (!inner.startsWith('^')) return inner.startsWith('\\') ? classOf(inner[1] ?? '') : (inner[0] ?? '');
    return ['x', '0', '-', '.'].find((each) => !inner.includes(each)) ?? 'y';
  }

  #escaped(): string {
    const letter = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (letter === 'Q') {
      const end = this.#text.indexOf('\\E', this.#at);
      const literal = this.#text.slice(this.#at, end === -1 ? undefined : end);
      this.#at = end === -1 ? this.#text.length : end + 2;
      return literal;
    }
    return classOf(letter);
  }
}

/** `\d` and its like, in an expression or in a class; any other character stands for itself. */
function classOf(letter: string): string {
  if (/^[AzbBE]?$/.test(letter)) return '';
  if (letter === 'd') return '0';
  if (letter === 's') return ' ';
  if (letter === 'W') return '-';
  return 'wSD'.includes(letter) ? 'x' : letter;
}
