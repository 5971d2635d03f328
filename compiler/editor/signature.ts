import { tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import type { DirectiveSpec } from '../catalog/define.ts';
import { interfaces } from '../catalog/interfaces.ts';
import { valueWords } from '../catalog/value-words.ts';
import { describeModule, describeRouting, describeSetting } from './describe.ts';
import type { EditorDocument } from './editor-document.ts';
import { type Meaning, type ModuleUse, wantedBy } from './meaning.ts';
import { placeAt } from './place.ts';
import { meaningAt, type Project } from './scopes.ts';

/** How the arguments of a directive are written. */
export interface Signature {
  /** The directive's name and its arguments, as parts of one line. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Index of the one at the cursor; null when there is no such one. */
  readonly active: number | null;
  /** Markdown. */
  readonly documentation: string;
}

export interface Parameter {
  readonly label: string;
  readonly doc: string;
  /** The last one, which may be written again and again. */
  readonly isRepeated: boolean;
}

/** The arguments that the directive at the offset takes, while they are being written. */
export function signatureAt(project: Project, document: EditorDocument, offset: number): Signature | null {
  const { ancestors, slot } = placeAt(document, offset);
  if (slot.kind !== 'argument') return null;
  const { node, index } = slot;
  const meant = meaningAt(project, document, ancestors, node);
  if (meant === null) return null;
  const { meaning, scope } = meant;
  const parameters = parametersOf(meaning, node);
  if (parameters.length === 0) return null;
  const last = parameters.length - 1;
  const active = index <= last ? index : parameters[last]?.isRepeated === true ? last : null;
  const documentation = documentationOf(meaning, scope.where, scope.table);
  return { name: tokenValue(node.name), parameters, active, documentation };
}

function documentationOf(meaning: Meaning, where: string, table: Parameters<typeof describeSetting>[3]): string {
  switch (meaning.kind) {
    case 'setting':
      return describeSetting(meaning.name, meaning.row, where, table);
    case 'routing':
      return describeRouting(meaning.name, meaning.row);
    case 'block':
      return describeModule(meaning.module);
    case 'member':
      return describeModule(meaning.use.module);
    default:
      return '';
  }
}

const once = (label: string, doc: string): Parameter => ({ label, doc, isRepeated: false });
const repeated = (label: string, doc: string): Parameter => ({ label: `${label}…`, doc, isRepeated: true });

function parametersOf(meaning: Meaning, node: DirectiveNode): readonly Parameter[] {
  switch (meaning.kind) {
    case 'macro':
      return [once('=', 'Between the name and its values.'), repeated('VALUE', 'What the macro stands for.')];
    case 'import':
      return [once('NAME', 'A snippet of this configuration, or the path of a file relative to this one.')];
    case 'setting':
      return ofSetting(meaning.row, meaning.use);
    case 'member':
      return ofUse(meaning.use);
    case 'block': {
      const { inlineArgs } = meaning.module;
      if (inlineArgs.rule === 'addresses') return [repeated('ADDRESS', inlineArgs.doc)];
      return [once('NAME', 'The name that `&NAME` refers to.'), repeated('ALIAS', 'Other names of the same block.')];
    }
    case 'routing':
      return ofRouting(meaning, node);
    case 'zone':
    case 'snippet':
    case 'unknown':
      return [];
  }
}

function ofSetting(row: DirectiveSpec, use: ModuleUse | null): readonly Parameter[] {
  const expects = wantedBy(row);
  if (expects !== null) {
    if (row.implies !== undefined) return use === null ? [] : ofUse(use);
    return [once('MODULE', `Takes ${interfaces[expects].words}.`), ...(use === null ? [] : ofUse(use))];
  }
  const words = valueWords[row.type];
  if (words.takes === 'no value' || words.example === '') return [];
  const label =
    row.type === 'bool'
      ? 'yes|no'
      : row.values !== undefined && row.values.length <= 6
        ? row.values.join('|')
        : words.example;
  const isRepeated = /^(?:at least|any)/.test(words.takes);
  return [{ label: isRepeated ? `${label}…` : label, doc: `${words.takes}: ${words.forms}`, isRepeated }];
}

/** The arguments after a module's name. */
function ofUse({ module, inner }: ModuleUse): readonly Parameter[] {
  const { inlineArgs } = module;
  if (inlineArgs.rule === 'module') return [once('MODULE', inlineArgs.doc), ...(inner === null ? [] : ofUse(inner))];
  if (inlineArgs.rule !== 'positional') return [];
  return inlineArgs.args.map(({ name, doc, required, repeated: again }) => {
    const label = required === true ? name : `[${name}]`;
    return again === true ? repeated(label, doc) : once(label, doc);
  });
}

function ofRouting(
  { row, name, use }: Meaning & { readonly kind: 'routing' },
  node: DirectiveNode,
): readonly Parameter[] {
  switch (row.args) {
    case 'rules':
      return [
        repeated(
          'RULE',
          name.startsWith('source')
            ? 'An address or a domain that the sender is compared with.'
            : 'An address, a domain or `postmaster` that the recipient is compared with.',
        ),
      ];
    case 'table':
    case 'target':
    case 'group':
      if (row.expects === undefined) return [];
      return [once('MODULE', `Takes ${interfaces[row.expects].words}.`), ...(use === null ? [] : ofUse(use))];
    case 'reply':
      // Maddy tells by their number what they are.
      return node.args.length === 1 && !/^\d/.test(node.args[0]?.image ?? '1')
        ? [once('TEXT', 'What the sender is told.')]
        : [
            once('CODE', 'The reply code of SMTP (RFC 5321 section 4.2): 5xx refuses for good, 4xx for now.'),
            once('ENHANCED-CODE', 'The code of RFC 3463, of the same class: 5.7.1, 4.2.1.'),
            once('"TEXT"', 'What the sender is told.'),
          ];
    case 'yes_no':
      return [once('yes|no', '')];
    case 'none':
      return [];
  }
}
