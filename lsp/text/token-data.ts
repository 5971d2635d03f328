import type { SemanticTokensEdit } from 'vscode-languageserver';
import { type SemanticToken, tokenModifiers, tokenTypes } from '../../compiler/editor/semantic-tokens.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Range } from '../../grammar/range.ts';
import type { SourcePositions } from './source-positions.ts';

/** Tokens as the protocol writes them: five numbers each, places as steps from the one before. */
export function tokenData(file: SourceFile, tokens: readonly SemanticToken[], positions: SourcePositions): number[] {
  const data: number[] = [];
  const rangeOf = positions.ascending(file);
  let lastLine = 0;
  let lastCharacter = 0;
  const push = (range: Range, type: number, modifiers: number): void => {
    const { start, end } = rangeOf(range);
    const down = start.line - lastLine;
    const right = down === 0 ? start.character - lastCharacter : start.character;
    data.push(down, right, end.character - start.character, type, modifiers);
    lastLine = start.line;
    lastCharacter = start.character;
  };
  for (const token of tokens) {
    const type = tokenTypes.indexOf(token.type);
    const modifiers = token.modifier === null ? 0 : 1 << tokenModifiers.indexOf(token.modifier);
    if (isOneWord(file.text, token)) push(token, type, modifiers);
    else for (const line of linesOf(file.text, token)) push(line, type, modifiers);
  }
  return data;
}

/** Few clients can show a token of several lines: such a one is several. */
function linesOf(text: string, { start, end }: Range): readonly Range[] {
  const lines: Range[] = [];
  let at = start;
  for (const line of text.slice(start, end).split(/(\r\n|\n|\r)/)) {
    if (line.trim() !== '') lines.push({ start: at, end: at + line.length });
    at += line.length;
  }
  return lines;
}

/** Of characters that are no white space and no control characters, as far as ASCII goes: nothing needs to be cut out. */
function isOneWord(text: string, { start, end }: Range): boolean {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code >= 0x7f) return false;
  }
  return end > start;
}

const SPACE = 0x20;

/** What makes the one of the other. */
export function tokenEdits(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  const deleteCount = before.length - same - start;
  const data = after.slice(start, after.length - same);
  if (deleteCount === 0 && data.length === 0) return [];
  return [{ start, deleteCount, ...(data.length === 0 ? {} : { data }) }];
}
