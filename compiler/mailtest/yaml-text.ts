import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type LineCounter,
  type Pair,
  stringify,
  type YAMLMap,
} from 'yaml';
import type { Position } from '../source/source-file.ts';
import type { MailTestDocument, MapValue } from './read-mail-test.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A YAML text whose values have places, and can be replaced without touching the rest. */
export class YamlText implements MailTestDocument {
  readonly #text: string;
  readonly #yaml: Document;
  readonly #lines: LineCounter;

  constructor(text: string, yaml: Document, lines: LineCounter) {
    this.#text = text;
    this.#yaml = yaml;
    this.#lines = lines;
  }

  placeOf(path: readonly (string | number)[]): Position {
    for (let length = path.length; length > 0; length--) {
      const start = startOf(this.#yaml.getIn(path.slice(0, length), true));
      if (start === null) continue;
      const { line, col } = this.#lines.linePos(start);
      return { line, column: col };
    }
    return { line: 1, column: 1 };
  }

  withValues(key: string, values: readonly MapValue[]): string {
    const edits = values.flatMap(({ path, value }) => {
      const map = this.#yaml.getIn(path, true);
      const edit = isMap(map) ? this.#edit(map, key, value) : null;
      return edit === null ? [] : [edit];
    });
    let text = this.#text;
    for (const { start, end, text: inserted } of edits.sort((a, b) => b.start - a.start)) {
      text = text.slice(0, start) + inserted + text.slice(end);
    }
    return text;
  }

  #edit(map: YAMLMap, key: string, value: unknown): Edit | null {
    const known = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
    if (map.flow === true) return this.#flowEdit(map, known, key, value);
    const first = startOf(map.items[0]?.key);
    if (first === null) return null;
    const indent = ' '.repeat(this.#lines.linePos(first).col - 1);
    const written = stringify({ [key]: value }, { lineWidth: 0 })
      .trimEnd()
      .replaceAll('\n', `\n${indent}`);
    if (known !== undefined) {
      const start = startOf(known.key);
      return start === null ? null : { start, end: this.#endOf(known, start), text: written };
    }
    const last = map.items.at(-1);
    const end = last === undefined ? null : this.#endOf(last, first);
    if (end === null) return null;
    // A comment behind the last value stays on its line.
    const lineEnd = this.#text.indexOf('\n', end);
    const at = lineEnd === -1 ? this.#text.length : lineEnd;
    return { start: at, end: at, text: `\n${indent}${written}` };
  }

  #flowEdit(map: YAMLMap, known: Pair | undefined, key: string, value: unknown): Edit | null {
    const written = `${key}: ${JSON.stringify(value)}`;
    if (known !== undefined) {
      const start = startOf(known.key);
      return start === null ? null : { start, end: this.#endOf(known, start), text: written };
    }
    const last = map.items.at(-1);
    const start = startOf(last?.key);
    if (last === undefined || start === null) return null;
    const end = this.#endOf(last, start);
    return { start: end, end, text: `, ${written}` };
  }

  /** Where a pair's value ends: the last word of it, so that a comment behind it stays. */
  #endOf({ key, value }: Pair, otherwise: number): number {
    let last: unknown = isNode(value) && value.range ? value : key;
    while (isCollection(last) && last.flow !== true) {
      const item: unknown = last.items.at(-1);
      if (item === undefined) break;
      last = isPair(item) ? (isNode(item.value) ? item.value : item.key) : item;
    }
    if (!isNode(last) || !last.range) return otherwise;
    const [start, stop] = last.range;
    let end = stop;
    while (end > start && /\s/.test(this.#text.charAt(end - 1))) end -= 1;
    return end;
  }
}

function startOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}
