import { blocks } from '../catalog/blocks.ts';
import { allModules } from '../catalog/catalog.ts';
import type { BodySpec, DirectiveSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import { interfaces } from '../catalog/interfaces.ts';
import { pipelineDirectives } from '../catalog/pipeline.ts';

/** A rule of the TextMate grammar. Each is bound to one line: no text can colour what comes after its own line. */
interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly captures?: Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}

/** Where a directive's name stands: first in its line, or first in a block that opens in the same line. */
const head = '(?:^|(?<=\\s\\{))\\s*';
const wordEnd = '(?=$|[\\s{}"#])';

/** The grammar that editors colour with before (and without) the language server, made from the catalog's names. */
export function textmateGrammar(): object {
  const words = collectWords();
  const rules: Record<string, Rule> = {
    comment: {
      patterns: [
        { name: 'comment.line.number-sign.maddy', match: '(?<![^\\s"])#.*$' },
        // Inside a word it lasts to the next space only (language section 1).
        { name: 'comment.block.word.maddy', match: '(?<=[^\\s"])#\\S*' },
      ],
    },
    declaration: {
      patterns: [
        {
          match: `${head}(\\$\\()([^)\\s]+)(\\))\\s+(=)(?=\\s|$)`,
          captures: {
            1: { name: 'punctuation.definition.variable.maddy' },
            2: { name: 'variable.other.constant.macro.maddy' },
            3: { name: 'punctuation.definition.variable.maddy' },
            4: { name: 'keyword.operator.assignment.maddy' },
          },
        },
        {
          match: '^\\s*(\\()([^)\\s]+)(\\))(?=\\s*(?:$|[{#]))',
          captures: {
            1: { name: 'punctuation.definition.section.maddy' },
            2: { name: 'entity.name.section.snippet.maddy' },
            3: { name: 'punctuation.definition.section.maddy' },
          },
        },
        {
          match: `${head}(import)${wordEnd}(?:\\s+([^\\s{}"#]+))?`,
          captures: {
            1: { name: 'keyword.control.import.maddy' },
            2: { name: 'string.unquoted.import.maddy', patterns: [{ include: '#reference' }] },
          },
        },
      ],
    },
    directive: {
      patterns: [
        {
          // A block with a name of its own.
          match: `${head}(${alternatives(words.modules)})\\s+([^\\s{}"#&$]+)(?=(?:[^#"]|"[^"]*")*\\s\\{\\s*(?:#|$))`,
          captures: {
            1: { name: 'entity.name.type.module.maddy' },
            2: { name: 'variable.other.readwrite.block.maddy' },
          },
        },
        {
          match: `${head}(${alternatives(words.unmistakable)})${wordEnd}`,
          captures: { 1: { name: 'entity.name.type.module.maddy' } },
        },
        {
          match: `${head}(${alternatives(words.takesModule)})\\s+(${alternatives(words.shortModules)})${wordEnd}`,
          captures: {
            1: { name: 'keyword.control.directive.maddy' },
            2: { name: 'entity.name.type.module.maddy' },
          },
        },
        {
          match: `${head}(${alternatives(words.routing)})${wordEnd}`,
          captures: { 1: { name: 'keyword.control.directive.maddy' } },
        },
        {
          match: `${head}(${alternatives(words.directives)})${wordEnd}`,
          captures: { 1: { name: 'variable.other.property.directive.maddy' } },
        },
        {
          match: `${head}(${alternatives(words.shortModules)})${wordEnd}`,
          captures: { 1: { name: 'entity.name.type.module.maddy' } },
        },
      ],
    },
    string: {
      // The second form has no end in its line; the rest of the file keeps its colours.
      patterns: [`(?<![^\\s"{}])"(?:[^"\\\\]|\\\\.)*"`, '(?<![^\\s"{}])"(?:[^"\\\\]|\\\\.)*$'].map((match, index) => ({
        name: index === 0 ? 'string.quoted.double.maddy' : 'string.quoted.double.unclosed.maddy',
        match,
        captures: {
          0: { patterns: [{ match: '\\\\"', name: 'constant.character.escape.maddy' }, { include: '#reference' }] },
        },
      })),
    },
    reference: {
      patterns: [
        {
          match: '(\\$\\()([^)\\s$]+)(\\))',
          captures: {
            1: { name: 'punctuation.definition.variable.maddy' },
            2: { name: 'variable.other.constant.macro.maddy' },
            3: { name: 'punctuation.definition.variable.maddy' },
          },
        },
        {
          match: '(\\{env:)([^}\\s]*)(\\})',
          captures: {
            1: { name: 'punctuation.definition.variable.maddy' },
            2: { name: 'variable.other.environment.maddy' },
            3: { name: 'punctuation.definition.variable.maddy' },
          },
        },
        {
          match: '(?<!\\S)(&)([^\\s{}"#]+)',
          captures: {
            1: { name: 'keyword.operator.reference.maddy' },
            2: { name: 'variable.other.readwrite.block.maddy' },
          },
        },
      ],
    },
    value: {
      patterns: [
        { name: 'string.unquoted.address.maddy', match: '(?<!\\S)[a-z][a-z0-9+]*://[^\\s"#]*' },
        { name: 'constant.language.maddy', match: `(?<!\\S)(?:yes|no|on|off|true|false)${wordEnd}` },
        { name: 'constant.numeric.maddy', match: `(?<!\\S)[0-9]+(?:\\.[0-9]+)*[A-Za-z]*${wordEnd}` },
        { name: 'keyword.operator.continuation.maddy', match: '(?<=\\s)\\\\(?=\\s*(?:#|$))' },
        { name: 'punctuation.section.block.maddy', match: '(?<!\\S)[{}](?!\\S)' },
      ],
    },
  };
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'maddy',
    scopeName: 'source.maddy',
    patterns: ['comment', 'declaration', 'directive', 'string', 'reference', 'value'].map((rule) => ({
      include: `#${rule}`,
    })),
    repository: rules,
  };
}

interface Words {
  /** Modules whose names are nothing else. */
  readonly unmistakable: readonly string[];
  /** Modules that a file can hold as named blocks, by their full names. */
  readonly modules: readonly string[];
  /** Modules as they are written where their prefix is implied. */
  readonly shortModules: readonly string[];
  readonly routing: readonly string[];
  readonly directives: readonly string[];
  readonly takesModule: readonly string[];
}

function collectWords(): Words {
  const modules = [...allModules()];
  const bodies: readonly BodySpec[] = [globals, ...Object.values(blocks), ...modules];
  const directives = bodies.flatMap((body) => Object.entries<DirectiveSpec>(body.directives));
  const routing = Object.entries(pipelineDirectives);
  const namespaces: readonly string[] = Object.values(interfaces).map(({ namespace }) => namespace);
  const shortModules = modules.map(({ name }) => {
    const dot = name.lastIndexOf('.');
    return dot !== -1 && namespaces.includes(name.slice(0, dot)) ? name.slice(dot + 1) : name;
  });
  const names = (entries: readonly (readonly [string, unknown])[]) => entries.map(([name]) => name);
  return {
    unmistakable: modules.filter(({ kind, name }) => kind === 'endpoint' || name.includes('.')).map(({ name }) => name),
    modules: modules.filter(({ kind }) => kind !== 'endpoint').map(({ name }) => name),
    shortModules,
    routing: names(routing),
    directives: names(directives),
    takesModule: [
      ...names(directives.filter(([, spec]) => spec.expects !== undefined)),
      ...names(routing.filter(([, spec]) => 'expects' in spec)),
    ],
  };
}

/** The longest first, so that no name hides a longer one. */
function alternatives(words: readonly string[]): string {
  return [...new Set(words)]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((word) => word.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&'))
    .join('|');
}
