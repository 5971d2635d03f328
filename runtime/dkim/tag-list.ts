/** Values by tag name. White space around values is gone, folds inside them are not. */
export type TagList = ReadonlyMap<string, string>;

/** Reads `name=value; name=value` (RFC 6376 section 3.2); a text tells why it cannot. */
export function readTagList(text: string): TagList | string {
  const tags = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals === -1) return 'a tag without a value';
    const name = part.slice(0, equals).trim();
    if (!/^[A-Za-z]\w*$/.test(name)) return 'a tag name that is none';
    if (tags.has(name)) return `tag ${name} is there twice`;
    tags.set(name, part.slice(equals + 1).trim());
  }
  return tags;
}

/** Entries of a list that colons separate, without white space. */
export function readColonList(value: string): readonly string[] {
  return value.split(':').map((entry) => entry.trim());
}

export function withoutBlanks(value: string): string {
  return value.replace(/[ \t\r\n]+/g, '');
}
