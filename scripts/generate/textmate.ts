import { textmateGrammar } from '../../compiler/editor/textmate-grammar.ts';
import type { Outputs } from '../generate.ts';

export function textmateFile(): Outputs {
  const text = `${JSON.stringify(textmateGrammar(), null, 2)}\n`;
  return new Map([['vscode-extension/syntaxes/maddy.tmLanguage.json', text]]);
}
