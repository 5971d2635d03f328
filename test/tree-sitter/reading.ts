import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '../../grammar/encoding.ts';
import { lex } from '../../grammar/lexer.ts';
import { tokenValue } from '../../grammar/tokens.ts';

const root = join(import.meta.dirname, '..', '..', 'editors', 'tree-sitter-maddy');

/** A named node of tree-sitter's tree; offsets count UTF-16 units. */
export interface SitterNode {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SitterNode[];
}

/** A line with what begins it, whatever it declares. */
export interface Line {
  readonly at: number;
  readonly words: readonly string[];
  readonly block: readonly Line[] | null;
}

/** The committed parser, compiled, with the driver beside this file. */
export class SitterParser implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'maddyc-sitter-'));
  readonly #program = join(this.#directory, 'driver');

  constructor() {
    const sources = [join(import.meta.dirname, 'driver.c'), join(root, 'src/parser.c'), join(root, 'src/scanner.c')];
    const flags = ['-O1', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-Wno-unused-but-set-variable'];
    execFileSync('cc', [...flags, '-I', join(root, 'src'), '-o', this.#program, ...sources, '-ltree-sitter']);
  }

  /** One tree for each text. */
  parse(texts: readonly string[]): readonly SitterNode[] {
    const input = texts.flatMap((text) => {
      const bytes = encodeText(text);
      return [Buffer.from(`${bytes.length}\n`), bytes];
    });
    const output = execFileSync(this.#program, { input: Buffer.concat(input), maxBuffer: 1 << 28, encoding: 'utf8' });
    const trees = output.split('\n\n').slice(0, -1);
    return trees.map((lines, at) => readTree(lines.split('\n'), unitsOf(texts[at] ?? '')));
  }

  /** Throws with the place of what the grammar does not have. */
  checkQueries(paths: readonly string[]): void {
    execFileSync(this.#program, [...paths], { input: '', stdio: 'pipe' });
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Offset in UTF-16 units for each offset in bytes. */
function unitsOf(text: string): Uint32Array {
  const units = new Uint32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const bytes = Buffer.byteLength(character);
    for (let at = 0; at < bytes; at += 1) units[byte + at] = unit;
    byte += bytes;
    unit += character.length;
  }
  units[byte] = unit;
  return units;
}

interface Growing extends SitterNode {
  readonly children: Growing[];
}

function readTree(lines: readonly string[], units: Uint32Array): SitterNode {
  const top: Growing = { kind: 'top', start: 0, end: 0, children: [] };
  const open: { readonly depth: number; readonly node: Growing }[] = [{ depth: -1, node: top }];
  for (const line of lines) {
    const [depth = '', kind = '', start = '', end = ''] = line.split(' ');
    const node: Growing = { kind, start: units[Number(start)] ?? 0, end: units[Number(end)] ?? 0, children: [] };
    while ((open.at(-1)?.depth ?? -1) >= Number(depth)) open.pop();
    open.at(-1)?.node.children.push(node);
    open.push({ depth: Number(depth), node });
  }
  return top.children[0] ?? top;
}

export function hasError({ kind, children }: SitterNode): boolean {
  return kind === 'ERROR' || kind === 'MISSING' || children.some(hasError);
}

/** Lines of the tree, with the values that maddyc's lexer gives for the words at the same places. */
export function linesOf(tree: SitterNode, text: string): readonly Line[] {
  const tokens = lex(text).tokens;
  const values = new Map(tokens.map((token) => [token.startOffset, tokenValue(token)]));
  const convert = (nodes: readonly SitterNode[]): Line[] =>
    nodes.flatMap((node) => {
      if (!lineKinds.has(node.kind)) return [];
      const body = node.children.find(({ kind }) => kind === 'block');
      const words = node.children.filter(({ kind }) => wordKinds.has(kind));
      const written = words.map(({ start, end }) => values.get(start) ?? `not a word: ${text.slice(start, end)}`);
      const first = node.kind === 'import' ? ['import'] : [];
      return [
        { at: node.start, words: [...first, ...written], block: body === undefined ? null : convert(body.children) },
      ];
    });
  return convert(tree.children);
}

const lineKinds = new Set(['directive', 'import', 'macro_declaration', 'snippet_declaration']);
const wordKinds = new Set([
  'directive_name',
  'macro_name',
  'snippet_name',
  'word',
  'quoted_string',
  'reference',
  'macro_reference',
]);
