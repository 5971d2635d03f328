import { describe, expect, it } from 'vitest';
import { type Hover, HoverRequest } from 'vscode-languageserver-protocol/node';
import { edit, type Surrounding } from '../kit/editing.ts';

async function hoverIn(marked: string, surrounding?: Surrounding): Promise<Hover | null> {
  const editing = await edit(marked, surrounding);
  return editing.client.connection.sendRequest(HoverRequest.type, editing.at());
}

async function textIn(marked: string, surrounding?: Surrounding): Promise<string> {
  const hover = await hoverIn(marked, surrounding);
  if (hover === null) return '';
  const { contents } = hover;
  return typeof contents === 'object' && 'value' in contents ? contents.value : JSON.stringify(contents);
}

describe('hover', () => {
  it('says of a directive what it takes and what counts without it', async () => {
    const text = await textIn('target.queue q {\n    max_<|>tries 5\n    target &a\n}\n');
    expect(text).toContain('`max_tries` in target.queue');
    expect(text).toContain('digits, without a unit');
    expect(text).toContain('default: `20`');
    expect(await textIn('host<|>name a\n')).toContain('`hostname` at the top level');
  });

  it('says of a pipeline directive what it does with mail', async () => {
    expect(await textIn('smtp x {\n    destin<|>ation a {\n        reject\n    }\n}\n')).toContain(
      'recipients that match',
    );
  });

  it.each([
    ['a block', 'target.re<|>mote out {\n}\n', 'target.remote'],
    ['a module that is used in place', 'smtp x {\n    deliver_to rem<|>ote\n}\n', 'target.remote'],
    ['a member of a group', 'smtp x {\n    check {\n        sp<|>f\n    }\n}\n', 'check.spf'],
    ['the source of certificates', 'tls fi<|>le a b\n', 'tls.loader.file'],
    ['the table of a modifier', 'smtp x {\n    modify {\n        replace_rcpt fi<|>le /x\n    }\n}\n', 'table.file'],
  ])('names %s', async (_, marked, name) => {
    expect(await textIn(marked)).toContain(`\`${name}\``);
  });

  it('shows what a macro stands for, with macros in it expanded', async () => {
    const text = await textIn('$(a) = example.org\n$(b) = $(a) example.net\nhostname $(<|>b)\n');
    expect(text).toContain('$(b) = $(a) example.net');
    expect(text).toContain('stands for `example.org example.net`');
    expect(text).toContain('maddy.conf:2');
  });

  it('covers the reference only, inside of a longer word', async () => {
    const hover = await hoverIn('$(a) = example.org\nhostname mx.$(a<|>).test\n');
    expect(hover?.range).toEqual({ start: { line: 1, character: 12 }, end: { line: 1, character: 16 } });
  });

  it('shows the block behind a reference, in an imported file', async () => {
    const files = { 'common.conf': '# x\ntarget.lmtp boxes {\n    targets unix:///x\n}\n' };
    const text = await textIn('import common.conf\nsmtp x {\n    deliver_to &bo<|>xes\n}\n', { files });
    expect(text).toContain('target.lmtp, common.conf:2');
    expect(text).toContain('targets unix:///x');
  });

  it('shows the snippet that is imported', async () => {
    expect(await textIn('(s) {\n    dane\n}\nmx_auth a {\n    import <|>s\n}\n')).toContain('dane');
  });

  it('shows what macros, imports and variables make of a directive, and where that is written', async () => {
    const text = '$(a) = x.example\n(s) {\n    destination $(a) y.example {\n        deliver_to dummy\n    }\n}\n';
    const shown = await textIn(
      `${text.replace('destination', 'desti<|>nation')}tls off\nhostname a.example\nsmtp tcp://127.0.0.1:25 {\n    import s\n    default_destination {\n        reject\n    }\n}\n`,
    );
    expect(shown).toContain('destination x.example y.example');
    expect(shown).toContain('`x.example`: written at maddy.conf:1, by `$(a)` at maddy.conf:3');
    expect(shown).toContain('Used by `import s` at maddy.conf:10');
  });

  it('shows where mail goes from a rule', async () => {
    const shown = await textIn(
      'target.lmtp boxes {\n    targets tcp://127.0.0.1:24\n}\ntls off\nhostname a.example\nsm<|>tp tcp://127.0.0.1:25 {\n    destination a.example {\n        deliver_to &boxes\n    }\n    default_destination {\n        reject 550 5.7.1 "no"\n    }\n}\n',
    );
    expect(shown).toMatch(/- destination a\.example → boxes/);
    expect(shown).toMatch(/- default_destination.* → refused: 550 5\.7\.1 no/);
  });

  it('begins with what is so in this file, and ends with what is so everywhere', async () => {
    const text = await textIn(
      'tls off\nhostname a.example\n$(own) = b.example\nsmtp tcp://127.0.0.1:25 {\n    destin<|>ation $(own) {\n        deliver_to dummy\n    }\n    default_destination {\n        reject\n    }\n}\n',
    );
    const order = ['Mail that comes here goes to', 'Expanded:', '---', '`destination` in a pipeline'];
    expect(order.map((part) => text.indexOf(part)).toSorted((a, b) => a - b)).toEqual(
      order.map((part) => text.indexOf(part)),
    );
    expect(text.indexOf('Mail that')).toBe(2);
  });

  it('is nothing on unknown words, in comments and between words', async () => {
    for (const marked of [
      'smtp x {\n    un<|>known 1\n}\n',
      '# smt<|>p\n',
      'smtp x {\n  <|>  deliver_to &a\n}\n',
      '<|>',
    ]) {
      expect(await hoverIn(marked)).toBeNull();
    }
  });

  it('is plain text for clients that do not know Markdown', async () => {
    const hover = await hoverIn('target.re<|>mote out {\n}\n', { capabilities: {} });
    expect(hover?.contents).toMatchObject({ kind: 'plaintext', value: expect.not.stringMatching(/`|\*\*|\]\(/) });
  });
});
