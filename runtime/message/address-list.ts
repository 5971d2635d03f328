/** Letters of an atom (RFC 5322 3.2.3), with what RFC 6532 adds. */
const atomPattern = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+/uy;
/** As an atom, with dots: in local parts and domains, and in names as people write them (`John Q. Public`). */
const dottedPattern = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\u{10ffff}]+/uy;
const literalPattern = /\[[^[\]\\\0-\x1f\x7f]*\]/y;

/** Number of mailboxes in an RFC 5322 address list, members of groups included; null when it is not one. */
export function countAddresses(list: string): number | null {
  return readAddresses(list)?.length ?? null;
}

/** The mailboxes of an RFC 5322 address list as `local-part@domain`, without names and comments; null when it is not one. */
export function readAddresses(list: string): readonly string[] | null {
  return new AddressListReader(list).list();
}

class AddressListReader {
  readonly #text: string;
  readonly #addresses: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  list(): readonly string[] | null {
    for (;;) {
      if (!this.#skipBlanks()) return null;
      if (this.#take(',')) continue;
      if (this.#atEnd()) return this.#addresses.length === 0 && this.#text.includes(',') ? null : this.#addresses;
      if (!this.#address(true) || !this.#skipBlanks()) return null;
      if (!this.#atEnd() && !this.#take(',')) return null;
    }
  }

  /** `name <a@b>`, `a@b` or, where allowed, `name: a@b, c@d;`. */
  #address(groupsToo: boolean): boolean {
    const start = this.#at;
    const bare = this.#addrSpec();
    if (bare !== null) {
      const end = this.#at;
      if (!this.#skipBlanks()) return false;
      if (this.#atEnd() || this.#peek() === ',' || this.#peek() === ';') {
        this.#at = end;
        this.#addresses.push(bare);
        return true;
      }
    }
    this.#at = start;
    if (!this.#phrase()) return false;
    if (this.#take('<')) return this.#angleAddress();
    return groupsToo && this.#at > start && this.#take(':') && this.#groupMembers();
  }

  #angleAddress(): boolean {
    if (!this.#skipBlanks()) return false;
    const address = this.#addrSpec();
    if (address === null || !this.#skipBlanks() || !this.#take('>')) return false;
    this.#addresses.push(address);
    return true;
  }

  #groupMembers(): boolean {
    for (;;) {
      if (!this.#skipBlanks()) return false;
      if (this.#take(';')) return true;
      if (this.#take(',')) continue;
      if (!this.#address(false) || !this.#skipBlanks()) return false;
      if (!this.#take(',') && this.#peek() !== ';') return false;
    }
  }

  /** Words of a display name, also none. */
  #phrase(): boolean {
    for (;;) {
      if (!this.#skipBlanks()) return false;
      if (this.#peek() === '"' ? !this.#quotedString() : !this.#match(dottedPattern)) return this.#peek() !== '"';
    }
  }

  #addrSpec(): string | null {
    const start = this.#at;
    if (!(this.#peek() === '"' ? this.#quotedString() : this.#dotAtom())) return null;
    const localPart = this.#text.slice(start, this.#at);
    if (!this.#skipBlanks() || !this.#take('@') || !this.#skipBlanks()) return null;
    const domainStart = this.#at;
    return this.#domain() ? `${localPart}@${this.#text.slice(domainStart, this.#at)}` : null;
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
