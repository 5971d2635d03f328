import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { dialectNamed } from '../../grammar/dialect.ts';
import type { Range } from '../../grammar/range.ts';
import { allCodes, findCode } from '../diagnostics/codes.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic, Place, Severity } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { nearest } from '../text/nearest.ts';
import { settingsSyntax, settingsValue } from './codes.ts';
import { type SettingForm, type SettingName, settingSpecs, severityWords } from './schema.ts';
import { noSettings, type Settings } from './settings.ts';

export interface SettingsReading {
  readonly settings: Settings;
  readonly diagnostics: readonly Diagnostic[];
  /** Where a setting's value stands; null when it is not set. */
  placeOf(name: SettingName): Place | null;
}

/** What is wrong in the file costs the setting that it is in, and no other. */
export function readSettings(file: SourceFile): SettingsReading {
  const errors: ParseError[] = [];
  const root = parseTree(file.text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined || root?.type !== 'object') {
    return { settings: noSettings, diagnostics: [unreadable(file, first, root)], placeOf: () => null };
  }
  const reader = new SettingsReader(file);
  const settings = reader.read(root);
  const inOrder = reader.diagnostics.toSorted((a, b) => (a.place?.range.start ?? 0) - (b.place?.range.start ?? 0));
  return { settings, diagnostics: inOrder, placeOf: (name) => reader.placeOf(name) };
}

function unreadable(file: SourceFile, error: ParseError | undefined, root: Node | undefined): Diagnostic {
  const { offset: start, length } = error ?? { offset: root?.offset ?? 0, length: root?.length ?? 0 };
  const what =
    error === undefined
      ? 'settings are an object: { "rules": { … } }'
      : `${spaced(printParseErrorCode(error.error))} in the settings`;
  return diagnose(
    settingsSyntax,
    what,
    { file, range: { start, end: start + length } },
    {
      details: ['The configurations are checked without these settings until this is put right.'],
    },
  );
}

/** `PropertyNameExpected` in words. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}

class SettingsReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #file: SourceFile;
  readonly #values = new Map<SettingName, Node>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  read(root: Node): Settings {
    const values = this.#values;
    for (const { key, value } of membersOf(root)) {
      const name = nameOf(key);
      if (isSetting(name)) {
        if (this.#fits(settingSpecs[name].form, name, value)) values.set(name, value);
      } else {
        const meant = nearest(name, Object.keys(settingSpecs));
        const choice =
          meant === null
            ? `The settings are ${Object.keys(settingSpecs).slice(1).join(', ')}.`
            : `Did you mean "${meant}"?`;
        this.#report(key, `there is no setting "${name}"`, choice);
      }
    }
    return {
      rules: this.#severities(values.get('rules')),
      dialect: dialectNamed(textOf(values.get('dialect')) ?? ''),
      targetVersion: textOf(values.get('targetVersion')),
      envFile: textOf(values.get('envFile')),
      mainFiles: textsOf(values.get('mainFiles')),
      localDomains: textsOf(values.get('localDomains')),
    };
  }

  placeOf(name: SettingName): Place | null {
    const node = this.#values.get(name);
    return node === undefined ? null : { file: this.#file, range: rangeOf(node) };
  }

  #fits(form: SettingForm, name: string, value: Node): boolean {
    switch (form.kind) {
      case 'text': {
        const text = textOf(value);
        const fits = text !== null && (form.pattern === undefined || new RegExp(form.pattern).test(text));
        if (!fits) this.#report(value, `${name} is not ${form.takes}`, `Write ${form.takes}.`);
        return fits;
      }
      case 'choice': {
        const fits = form.values.includes(textOf(value) ?? '');
        if (!fits) this.#report(value, `${name} is none of its values`, `It is one of ${form.values.join(', ')}.`);
        return fits;
      }
      case 'texts': {
        const wrong = value.type === 'array' ? value.children?.find((each) => textOf(each) === null) : value;
        if (wrong !== undefined) this.#report(wrong, `${name} is not a list of ${form.takes}`, `Write a list: ["…"].`);
        return wrong === undefined;
      }
      case 'severities':
        if (value.type !== 'object') this.#report(value, `${name} is not an object`, 'Write { "M4103": "off" }.');
        return value.type === 'object';
    }
  }

  #severities(node: Node | undefined): Settings['rules'] {
    const found = new Map<string, Severity | 'off'>();
    for (const { key, value } of node === undefined ? [] : membersOf(node)) {
      const name = nameOf(key);
      const severity = severityWords.find((word) => word === textOf(value));
      if (findCode(name) === undefined) {
        const meant = nearest(
          name,
          allCodes().flatMap((code) => [code.code, code.name]),
        );
        this.#report(
          key,
          `there is no rule "${name}"`,
          meant === null ? 'maddyc explain lists them all.' : `Did you mean "${meant}"?`,
        );
      } else if (severity === undefined) {
        this.#report(value, 'this is no severity', `It is one of ${severityWords.join(', ')}.`);
      } else {
        found.set(name, severity);
      }
    }
    return found;
  }

  #report(node: Node, message: string, advice: string): void {
    const place = { file: this.#file, range: rangeOf(node) };
    this.diagnostics.push(diagnose(settingsValue, message, place, { details: [advice] }));
  }
}

function rangeOf(node: Node): Range {
  return { start: node.offset, end: node.offset + node.length };
}

function isSetting(name: string): name is SettingName {
  return Object.hasOwn(settingSpecs, name);
}

function membersOf(node: Node): readonly { readonly key: Node; readonly value: Node }[] {
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [{ key, value }],
  );
}

function nameOf(key: Node): string {
  return textOf(key) ?? '';
}

function textOf(node: Node | undefined): string | null {
  const value: unknown = node?.value;
  return typeof value === 'string' ? value : null;
}

function textsOf(node: Node | undefined): readonly string[] {
  return (node?.children ?? []).flatMap((each) => textOf(each) ?? []);
}
