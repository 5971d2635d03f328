import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ReplyError } from '../../../runtime/module.ts';
import { jsonForm } from '../../../runtime/observe/line.ts';
import { createLogger } from '../../../runtime/observe/line-logger.ts';
import { createOutput } from '../../../runtime/observe/output.ts';
import { type LogTarget, openTargets } from '../../../runtime/observe/targets.ts';

class MemoryTarget implements LogTarget {
  readonly timestamps: boolean;
  readonly lines: string[] = [];
  writes = 0;
  constructor(timestamps = false) {
    this.timestamps = timestamps;
  }
  append(line: string): void {
    this.lines.push(line);
  }
  write(): void {
    this.writes += 1;
  }
  writeNow(): void {}
  drain(): Promise<void> {
    return Promise.resolve();
  }
  reopen(): void {}
  close(): void {}
}

describe('lines in maddy’s form', () => {
  const logged = (debug: boolean, write: (log: ReturnType<typeof createLogger>) => void): string[] => {
    const target = new MemoryTarget();
    write(createLogger({ output: createOutput([target]), name: 'smtp', debug }));
    return target.lines;
  };

  test('control characters of clients never come to a terminal', () => {
    const domain = 'a\u009b2Jb\u007f\u001b[0m.test';
    const [line] = logged(false, (log) => log.child(domain).message(`hello ${domain}`, { domain }));
    expect(line).not.toMatch(/(?![\t\n])\p{Cc}/u);
    expect(JSON.parse(line?.split('\t')[1] ?? '')).toEqual({ domain });
  });

  test('name, text, TAB and sorted fields', () => {
    expect(
      logged(false, (log) => {
        log.message('listening on tcp://127.0.0.1:25');
        log.message('accepted', { msg_id: 'x', left_out: undefined });
        log.child('sasl').message('authentication failed', { username: 'a<b>&', reason: 'ü\n', at: new Date(0) });
        log.unnamed.message('quarantined', { b: 1, a: [true] });
        log.raw('C: EHLO x\r');
      }),
    ).toEqual([
      'smtp: listening on tcp://127.0.0.1:25\t\n',
      'smtp: accepted\t{"msg_id":"x"}\n',
      'smtp/sasl: authentication failed\t{"at":"1970-01-01T00:00:00.000","reason":"ü\\n","username":"a\\u003cb\\u003e\\u0026"}\n',
      'quarantined\t{"a":[true],"b":1}\n',
      'C: EHLO x\r\n',
    ]);
  });

  test('an error tells its reply and its reason', () => {
    const refusal = new ReplyError({ code: 554, enhanced: '5.7.0', text: 'No' }, { reason: 'reject directive used' });
    expect(
      logged(false, (log) => {
        log.error('RCPT error', refusal, { rcpt: 'c@x.test' });
        log.error('failed', new Error('broken'));
      }),
    ).toEqual([
      'smtp: RCPT error\t{"rcpt":"c@x.test","reason":"reject directive used","smtp_code":554,"smtp_enchcode":"5.7.0","smtp_msg":"No"}\n',
      'smtp: failed\t{"reason":"broken"}\n',
    ]);
  });

  test('debug lines only with debug', () => {
    expect(logged(false, (log) => log.debug('reset'))).toEqual([]);
    expect(logged(true, (log) => log.debug('reset'))).toEqual(['[debug] smtp: reset\t\n']);
  });

  test('no text makes a second line', () => {
    expect(logged(false, (log) => log.message('a\nsmtp: accepted', { x: 'b\nc' }))).toEqual([
      'smtp: a smtp: accepted\t{"x":"b\\nc"}\n',
    ]);
  });

  test.each([
    ['a long value', { x: 'a'.repeat(100_000) }],
    ['many values', { x: Array.from({ length: 3_000 }, (_, at) => `recipient${at}@example.test`) }],
    ['long values in a list', { x: ['a'.repeat(100_000), 'b'] }],
    ['values that JSON makes longer', { w: '\u0001'.repeat(20_000), x: '<'.repeat(20_000) }],
    ['values that UTF-8 makes longer', { u: '€'.repeat(20_000), v: '€'.repeat(20_000), x: '€'.repeat(20_000) }],
  ])('%s makes no line that readers cannot take', (_, fields) => {
    const [line = ''] = logged(false, (log) => log.message('m', { ...fields, y: 'b' }));
    expect(Buffer.byteLength(line)).toBeLessThan(65_536);
    expect(JSON.parse(line.slice(line.indexOf('\t')))).toMatchObject({ y: 'b' });
  });

  test('a list that is too long says how many more there are', () => {
    const rcpts = Array.from({ length: 3_000 }, (_, at) => `recipient${at}@example.test`);
    const [line = ''] = logged(false, (log) => log.message('m', { rcpts }));
    const shown: { rcpts: string[] } = JSON.parse(line.slice(line.indexOf('\t')));
    expect(shown.rcpts.slice(0, 2)).toEqual(['recipient0@example.test', 'recipient1@example.test']);
    expect(shown.rcpts.at(-1)).toBe(`… and ${3_001 - shown.rcpts.length} more`);
  });

  test('a single line leaves in the same turn, those behind it together', async () => {
    const target = new MemoryTarget();
    const output = createOutput([target]);
    output.write('first\t', false);
    await setImmediate();
    expect(target.writes).toBe(1);
    for (let line = 0; line < 100; line += 1) output.write('one of many\t', false);
    await expect.poll(() => target.writes).toBe(2);
    expect(target.lines).toHaveLength(101);
  });

  test('targets with time stamps', () => {
    const target = new MemoryTarget(true);
    const output = createOutput([target], () => Date.parse('2026-11-22T12:35:49.5Z'));
    output.write('server started\t', false);
    expect(target.lines).toEqual(['2026-11-22T12:35:49.500Z server started\t\n']);
  });
});

describe('JSON', () => {
  const time = () => Date.parse('2026-11-22T12:35:49.5Z');

  test('one object a line, complete in itself', () => {
    const target = new MemoryTarget(true);
    const output = createOutput([target], time, jsonForm(time));
    const log = createLogger({ output, name: 'smtp', debug: true });
    log.message('accepted', { msg_id: 'ab', message: 'not this', none: undefined });
    log.debug('two\nlines "quoted"');
    log.error('RCPT error', new ReplyError({ code: 550, enhanced: '5.1.1', text: 'No' }));
    log.unnamed.message('server started', { version: '1' });
    log.raw('S: 250 OK');
    const head = '{"time":"2026-11-22T12:35:49.500Z",';
    expect(target.lines).toEqual([
      `${head}"level":"info","module":"smtp","message":"accepted","msg_id":"ab"}\n`,
      `${head}"level":"debug","module":"smtp","message":"two\\nlines \\"quoted\\""}\n`,
      `${head}"level":"error","module":"smtp","message":"RCPT error","reason":"No","smtp_code":550,"smtp_enchcode":"5.1.1","smtp_msg":"No"}\n`,
      `${head}"level":"info","message":"server started","version":"1"}\n`,
      `${head}"level":"debug","message":"S: 250 OK"}\n`,
    ]);
  });
});

describe('files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'maddyc-log-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('rotation: lines before the signal in the old file, later ones in the new', async () => {
    const path = join(directory, 'maddy.log');
    const output = createOutput(await openTargets([path]), () => 0);
    output.write('one', false);
    renameSync(path, `${path}.1`);
    output.reopen();
    output.write('two', false);
    await output.flush();
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('1970-01-01T00:00:00.000Z one\n');
    expect(readFileSync(path, 'utf8')).toBe('1970-01-01T00:00:00.000Z two\n');
    output.setTargets([]);
  });

  test('lines of any length stand in the file as they were, in their order', async () => {
    const path = join(directory, 'lines');
    const line = fc.tuple(fc.constantFrom(1, 50, 9_000, 60_000, 200_000), fc.string({ unit: 'binary', minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (parts) => {
        const lines = parts.map(([times, text]) =>
          text.toWellFormed().replaceAll('\n', ' ').repeat(times).slice(0, 250_000),
        );
        const [target] = await openTargets([path]);
        if (target === undefined) throw new Error('no target');
        for (const [at, line] of lines.entries()) {
          target.append(`${line}\n`, false);
          if (at % 7 === 6) target.write();
        }
        target.writeNow();
        target.close();
        const expected = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        expect(readFileSync(path).equals(expected)).toBe(true);
        rmSync(path);
      }),
      { numRuns: 40 },
    );
  });

  test('words that cannot be obeyed', async () => {
    await expect(openTargets(['off', 'stderr'])).rejects.toThrow("'off' can't be combined with other log targets");
    await expect(openTargets([directory])).rejects.toThrow('failed to create log file: ');
    expect(await openTargets(['off'])).toEqual([]);
  });
});
