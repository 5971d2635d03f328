import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ReplyError } from '../../../runtime/module.ts';
import { createLogger } from '../../../runtime/observe/line-logger.ts';
import { createOutput } from '../../../runtime/observe/output.ts';
import { type LogTarget, openTargets } from '../../../runtime/observe/targets.ts';

class MemoryTarget implements LogTarget {
  readonly timestamps: boolean;
  readonly lines: string[] = [];
  constructor(timestamps = false) {
    this.timestamps = timestamps;
  }
  append(line: string): void {
    this.lines.push(line);
  }
  write(): void {}
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

  test('no value makes a line that readers cannot take', () => {
    const [line = ''] = logged(false, (log) => log.message('m', { x: 'a'.repeat(100_000), y: 'b' }));
    expect(line.length).toBeLessThan(65_536);
    expect(JSON.parse(line.slice(line.indexOf('\t')))).toMatchObject({ y: 'b' });
  });

  test('targets with time stamps', () => {
    const target = new MemoryTarget(true);
    const output = createOutput([target], () => new Date('2026-11-22T12:35:49.5Z'));
    output.write('server started\t', false);
    expect(target.lines).toEqual(['2026-11-22T12:35:49.500Z server started\t\n']);
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
    const output = createOutput(await openTargets([path]), () => new Date(0));
    output.write('one', false);
    renameSync(path, `${path}.1`);
    output.reopen();
    output.write('two', false);
    await output.flush();
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('1970-01-01T00:00:00.000Z one\n');
    expect(readFileSync(path, 'utf8')).toBe('1970-01-01T00:00:00.000Z two\n');
    output.setTargets([]);
  });

  test('words that cannot be obeyed', async () => {
    await expect(openTargets(['off', 'stderr'])).rejects.toThrow("'off' can't be combined with other log targets");
    await expect(openTargets([directory])).rejects.toThrow('failed to create log file: ');
    expect(await openTargets(['off'])).toEqual([]);
  });
});
