/** Letters of an atom (RFC 5322 3.2.3), with what RFC 6532 adds. */
const atomPattern = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+/uy;
/** As an atom, with dots: in local parts and domains, and in names as people write them (`John Q. Public`). */
const dottedPattern = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\u{10ffff}]+/uy;
const literalPattern = /\[[^[\]\\\0-\x1f\x7f]*\]/y;

/** Number of mailboxes in an RFC 5322 address list, members of groups included; null when it is not one. */
export function countAddresses(list: string): number | null {
  return new AddressListReader(list).list();
}

class AddressListReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  list(): number | null {
    let count = 0;
    for (;;) {
      if (!this.#skipBlanks()) return null;
      if (this.#take(',')) continue;
      if (this.#atEnd()) return count === 0 && this.#text.includes(',') ? null : count;
      const taken = this.#address(true);
      if (taken === null || !this.#skipBlanks()) return null;
      count += taken;
      if (!this.#atEnd() && !this.#take(',')) return null;
    }
  }

  /** `name <a@b>`, `a@b` or, where allowed, `name: a@b, c@d;`: how many mailboxes. */
  #address(groupsToo: boolean): number | null {
    const start = this.#at;
    if (this.#addrSpec()) {
      const end = this.#at;
      if (!this.#skipBlanks()) return null;
      if (this.#atEnd() || this.#peek() === ',' || this.#peek() === ';') {
        this.#at = end;
        return 1;
      }
    }
    this.#at = start;
    if (!this.#phrase()) return null;
    if (this.#take('<')) return this.#skipBlanks() && this.#addrSpec() && this.#skipBlanks() && this.#take('>') ? 1 : null;
    return groupsToo && this.#at > start && this.#take(':') ? this.#groupMembers() : null;
  }

  #groupMembers(): number | null {
    let count = 0;
    for (;;) {
      if (!this.#skipBlanks()) return null;
      if (this.#take(';')) return count;
      if (this.#take(',')) continue;
      const taken = this.#address(false);
      if (taken === null || !this.#skipBlanks()) return null;
      count += taken;
      if (!this.#take(',') && this.#peek() !== ';') return null;
    }
  }

  /** Words of a display name, also none. */
  #phrase(): boolean {
    for (;;) {
      if (!this.#skipBlanks()) return false;
      if (this.#peek() === '"' ? !this.#quotedString() : !this.#match(dottedPattern)) return this.#peek() !== '"';
    }
  }

  #addrSpec(): boolean {
    const localPart = this.#peek() === '"' ? this.#quotedString() : this.#dotAtom();
    return localPart && this.#skipBlanks() && this.#take('@') && this.#skipBlanks() && this.#domain();
  }

  #domain(): boolean {
    return this.#peek() === '[' ? this.#match(literalPattern) : this.#dotAtom();
  }

  #dotAtom(): boolean {
    if (!this.#match(atomPattern)) return false;
    while (this.#take('.')) if (!this.#match(atomPattern)) return false;
    return true;
  }

  #quotedString(): boolean {
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const letter = this.#text[at];
      if (letter === '\\') at++;
      else if (letter === '"') {
        this.#at = at + 1;
        return true;
      }
    }
    return false;
  }

  /** Blanks and comments, which nest; false when a comment does not end. */
  #skipBlanks(): boolean {
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const letter = this.#text[this.#at];
      if (letter === '(') depth++;
      else if (letter === ')' && depth > 0) depth--;
      else if (letter === '\\' && depth > 0) this.#at++;
      else if (depth === 0 && letter !== ' ' && letter !== '\t') break;
    }
    return depth === 0;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #take(letter: string): boolean {
    if (this.#peek() !== letter) return false;
    this.#at++;
    return true;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #atEnd(): boolean {
    return this.#at >= this.#text.length;
  }
}
