import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { locateSettings } from '../../../compiler/settings/locate.ts';
import { readSettings } from '../../../compiler/settings/read-settings.ts';
import { settingSpecs } from '../../../compiler/settings/schema.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { createSourceFile } from '../../../compiler/source/source-file.ts';
import { analyseText, findingLines } from '../../kit/analysis.ts';

const read = (text: string) => readSettings(createSourceFile('maddyc.json', text));
const mismatch = 'hostname mx\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    reject 450 5.7.1 "Later"\n}\n';

describe('maddyc.json', () => {
  it('gives each setting, with comments and trailing commas', () => {
    const text = `{
      // ours
      "rules": { "M3105": "off", "debug-leaks": "error", },
      "dialect": "madmail", "targetVersion": "0.8.1", "envFile": "maddy.env",
      "mainFiles": ["hosts/*/maddy.conf"], "localDomains": ["example.org"],
    }`;
    const { settings, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(settings).toEqual({
      rules: new Map([
        ['M3105', 'off'],
        ['debug-leaks', 'error'],
      ]),
      dialect: 'madmail-2',
      targetVersion: '0.8.1',
      envFile: 'maddy.env',
      mainFiles: ['hosts/*/maddy.conf'],
      localDomains: ['example.org'],
    });
  });

  it('loses only what is wrong, and says where', () => {
    const reading = read(
      '{\n"rule": {},\n"rules": { "M3106x": "off", "M3105": "never", "M3110": "info" },\n"dialect": 3\n}',
    );
    expect(findingLines(reading)).toEqual([
      'M1912 2:1-2:7 there is no setting "rule"',
      'M1912 3:12-3:20 there is no rule "M3106x"',
      'M1912 3:38-3:45 this is no severity',
      'M1912 4:12-4:13 dialect is none of its values',
    ]);
    expect(reading.diagnostics[0]?.details).toEqual(['Did you mean "rules"?']);
    expect([...reading.settings.rules]).toEqual([['M3110', 'info']]);
  });

  it.each(['', '[]', '{ "rules": ', '"x"', '{} {}'])('that is no settings object (%j) is one finding', (text) => {
    expect(read(text).diagnostics.map(({ code }) => code.code)).toEqual(['M1911']);
  });

  it('fits its schema by the examples of each setting, and not with others', () => {
    const schema: unknown = JSON.parse(readFileSync('docs/reference/maddyc.schema.json', 'utf8'));
    if (typeof schema !== 'object' || schema === null) throw new Error('no schema');
    const fits = new Ajv({ strict: false }).compile(schema);
    const examples = Object.fromEntries(Object.entries(settingSpecs).map(([name, { example }]) => [name, example]));
    expect(fits(examples)).toBe(true);
    expect(read(JSON.stringify(examples)).diagnostics).toEqual([]);
    expect(fits({ dialect: 'postfix' })).toBe(false);
  });

  it('is the nearest one above the file', () => {
    const files = new Map([
      ['/srv/maddyc.json', '{}'],
      ['/srv/mail/hosts/maddy.conf', ''],
    ]);
    expect(locateSettings('/srv/mail/hosts/maddy.conf', createMemoryHost({ files })).file?.path).toBe(
      '/srv/maddyc.json',
    );
    expect(locateSettings('/etc/maddy.conf', createMemoryHost({ files })).file).toBeNull();
    expect(locateSettings('/srv/mail/x.conf', { read: () => undefined }).missing).toEqual([
      '/srv/mail/maddyc.json',
      '/srv/maddyc.json',
      '/maddyc.json',
    ]);
  });
});

describe('severities', () => {
  const settingsOf = (rules: object) => ({ settings: read(JSON.stringify({ rules })) });

  it('silence, raise and lower findings by code or name', () => {
    const severities = (rules: object) =>
      analyseText(mismatch, settingsOf(rules)).diagnostics.map(({ code, severity }) => `${code.code} ${severity}`);
    expect(severities({})).toEqual(['M3105 warning']);
    expect(severities({ M3105: 'off' })).toEqual([]);
    expect(severities({ 'reply-code-mismatch': 'error' })).toEqual(['M3105 error']);
  });

  it('do not reach what keeps a configuration from being loaded', () => {
    const broken = analyseText(
      'smpt tcp://127.0.0.1:25 {\n}\n',
      settingsOf({ 'unknown-name': 'off', 'no-endpoint': 'off' }),
    );
    expect(broken.loadErrors.length).toBeGreaterThan(0);
    expect(broken.diagnostics.filter(({ severity }) => severity === 'error')).toEqual(broken.loadErrors);
  });

  it('choose the dialect', () => {
    expect(analyseText(mismatch, { settings: read('{"dialect":"madmail-0"}') }).dialect).toBe('madmail-0');
    expect(analyseText(mismatch, { settings: read('{"dialect":"madmail-0"}'), dialect: 'maddy' }).dialect).toBe(
      'maddy',
    );
  });
});
