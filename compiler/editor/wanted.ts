import { tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import type { DirectiveSpec, InlineArgs, TypeName } from '../catalog/define.ts';
import type { WantedInterface } from '../catalog/interfaces.ts';
import { valueWords } from '../catalog/value-words.ts';
import { type Meaning, type ModuleUse, wantedBy } from './meaning.ts';

/** What an argument is, or would be if it were written. */
export type Wanted =
  /** A module's name or `&name`; `words` may stand there instead. */
  | { readonly kind: 'module'; readonly expects: WantedInterface; readonly words: readonly string[] }
  | {
      readonly kind: 'value';
      readonly type: TypeName;
      /** Place among the arguments that make up the value. */
      readonly index: number;
      /** The words before it: who asks about every argument of a long line seldom asks for them. */
      readonly before: () => readonly string[];
      readonly row: DirectiveSpec | null;
      readonly name: string;
      readonly doc: string;
    }
  /** Addresses and domains that a rule matches. */
  | { readonly kind: 'rule'; readonly of: 'source' | 'destination' }
  | { readonly kind: 'reply'; readonly index: number }
  | { readonly kind: 'yes-no' }
  /** A name that is being given. */
  | { readonly kind: 'new-name' }
  | { readonly kind: 'import' }
  | { readonly kind: 'nothing' };

const nothing: Wanted = { kind: 'nothing' };
const noWords = (): readonly string[] => [];

/** What the directive's argument number `index` (from 0) is. */
export function wantedAt(meaning: Meaning, node: DirectiveNode, index: number): Wanted {
  switch (meaning.kind) {
    case 'block':
      return meaning.module.inlineArgs.rule === 'addresses'
        ? value('endpoint', 0, meaning.module.inlineArgs.doc)
        : { kind: 'new-name' };
    case 'member':
      return ofUse(meaning.use, node, index);
    case 'setting': {
      const { row, name, use } = meaning;
      const expects = wantedBy(row);
      if (expects !== null) {
        if (index === 0 && row.implies === undefined) {
          return { kind: 'module', expects, words: row.type === 'tls_server' ? ['off'] : (row.values ?? []) };
        }
        return ofUse(use, node, index);
      }
      return {
        kind: 'value',
        type: row.type,
        index,
        row,
        name,
        doc: row.doc,
        before: () => node.args.slice(0, index).map(tokenValue),
      };
    }
    case 'routing':
      return ofRouting(meaning, node, index);
    case 'import':
      return index === 0 ? { kind: 'import' } : nothing;
    case 'zone':
    case 'macro':
    case 'snippet':
    case 'unknown':
      return nothing;
  }
}

/** Whether anything may stand there: most values are a single word. */
export function takesWord(wanted: Wanted): boolean {
  if (wanted.kind === 'nothing') return false;
  if (wanted.kind === 'reply') return wanted.index < 3;
  if (wanted.kind !== 'value' || wanted.row === null) return true;
  return wanted.type !== 'flag' && (wanted.index === 0 || !/^(?:one |yes)/.test(valueWords[wanted.type].takes));
}

function ofRouting(meaning: Meaning & { readonly kind: 'routing' }, node: DirectiveNode, index: number): Wanted {
  const { row, name, use } = meaning;
  switch (row.args) {
    case 'rules':
      return { kind: 'rule', of: name.startsWith('source') ? 'source' : 'destination' };
    case 'table':
    case 'target':
      if (index === 0 && row.expects !== undefined) return { kind: 'module', expects: row.expects, words: [] };
      return ofUse(use, node, index);
    case 'group':
      return index === 0 && row.expects !== undefined ? { kind: 'module', expects: row.expects, words: [] } : nothing;
    case 'reply':
      return { kind: 'reply', index };
    case 'yes_no':
      return index === 0 ? { kind: 'yes-no' } : nothing;
    case 'none':
      return nothing;
  }
}

/** An argument after a module's name. */
function ofUse(use: ModuleUse | null, node: DirectiveNode, index: number): Wanted {
  if (use === null || index < use.from) return nothing;
  const { inlineArgs } = use.module;
  if (inlineArgs.rule === 'module') {
    if (index === use.from) return { kind: 'module', expects: inlineArgs.expects, words: [] };
    return ofUse(use.inner, node, index);
  }
  return ofInline(inlineArgs, use, index - use.from);
}

function ofInline(inlineArgs: InlineArgs, use: ModuleUse, index: number): Wanted {
  if (inlineArgs.rule !== 'positional') return nothing;
  const { args, combine } = inlineArgs;
  const repeated = args.findIndex((arg) => arg.repeated === true);
  const place = combine === 'pairs' ? index % args.length : repeated !== -1 && index > repeated ? repeated : index;
  const arg = args[place];
  if (arg === undefined) return nothing;
  const row = Object.hasOwn(use.module.directives, arg.into) ? use.module.directives[arg.into] : undefined;
  const type = row === undefined || row.expects !== undefined ? arg.type : row.type;
  return { kind: 'value', type, index: 0, before: noWords, row: row ?? null, name: arg.name, doc: arg.doc };
}

function value(type: TypeName, index: number, doc: string): Wanted {
  return { kind: 'value', type, index, before: noWords, row: null, name: 'address', doc };
}
