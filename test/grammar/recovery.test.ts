import { describe } from 'vitest';
import { createSourceFile, positionAt } from '../../compiler/source/source-file.ts';
import type { Finding } from '../../grammar/finding.ts';
import { parse } from '../../grammar/parse.ts';
import { tokenValue } from '../../grammar/tokens.ts';
import type { Item } from '../../grammar/tree.ts';
import { goldenTests } from '../kit/golden.ts';

function outline(items: readonly Item[], depth = 0): string[] {
  const indent = '  '.repeat(depth);
  return items.flatMap((item) => {
    if (item.kind === 'stray') return [`${indent}stray }`];
    const words = [tokenValue(item.name), ...item.args.map((token) => JSON.stringify(tokenValue(token)))].join(' ');
    if (item.block === null) return [indent + words];
    const close = item.block.close.image === '' ? '} missing' : '}';
    return [`${indent}${words} {`, ...outline(item.block.items, depth + 1), indent + close];
  });
}

function findingLine(text: string, { code, range, message, related, fixes }: Finding): string {
  const file = createSourceFile('', text);
  const place = (offset: number): string => {
    const { line, column } = positionAt(file, offset);
    return `${line}:${column}`;
  };
  const others = related.map((one) => `\n    ${place(one.range.start)} ${one.message}`);
  const remedies = fixes.map(({ title, safe }) => `\n    ${safe ? 'fix' : 'perhaps'}: ${title}`);
  return `${code.code} ${place(range.start)}-${place(range.end)} ${message}${others.join('')}${remedies.join('')}`;
}

describe('recovery points at the cause and reads the rest', () => {
  goldenTests('recovery', (text) => {
    const { items, findings } = parse(text);
    return `${[...findings.map((finding) => findingLine(text, finding)), '', ...outline(items)].join('\n')}\n`;
  });
});
