import { describe, expect, it } from 'vitest';
import { DefinitionRequest, type LocationLink } from 'vscode-languageserver-protocol/node';
import { edit, folder, type Surrounding } from '../kit/editing.ts';

/** `file line:character-line:character` of each target's name. */
async function targetsIn(marked: string, surrounding?: Surrounding): Promise<readonly string[]> {
  const editing = await edit(marked, surrounding);
  const answer = await editing.client.connection.sendRequest(DefinitionRequest.type, editing.at());
  const links = Array.isArray(answer) ? answer.filter((each): each is LocationLink => 'targetUri' in each) : [];
  return links.map(({ targetUri, targetSelectionRange: { start, end } }) => {
    const file = targetUri.slice(folder.length + 1);
    return `${file} ${start.line}:${start.character}-${end.line}:${end.character}`;
  });
}

describe('definition', () => {
  it('of a reference is the name of its block', async () => {
    expect(await targetsIn('target.lmtp boxes {\n}\nsmtp x {\n    deliver_to &bo<|>xes\n}\n')).toEqual([
      'maddy.conf 0:12-0:17',
    ]);
  });

  it('of a name that two blocks have are both', async () => {
    expect(await targetsIn('target.lmtp a {\n}\ntarget.smtp a {\n}\nsmtp x {\n    deliver_to <|>&a\n}\n')).toHaveLength(
      2,
    );
  });

  it('of a macro is the declaration before its use', async () => {
    expect(await targetsIn('$(a) = 1\n$(a) = 2\nhostname $(<|>a)\n$(a) = 3\n')).toEqual(['maddy.conf 1:0-1:4']);
  });

  it('of an import is the snippet, or the file', async () => {
    const files = { 'part.conf': 'hostname a\n' };
    expect(await targetsIn('(s) {\n}\nsmtp x {\n    import <|>s\n}\n')).toEqual(['maddy.conf 0:0-0:3']);
    expect(await targetsIn('import par<|>t.conf\n', { files })).toEqual(['part.conf 0:0-0:0']);
    expect(await targetsIn('import par<|>t\n', { files })).toEqual(['part.conf 0:0-0:0']);
  });

  it('leads into imported files, and from them to each other', async () => {
    const files = { 'a.conf': 'target.lmtp boxes {\n}\n' };
    expect(await targetsIn('import a.conf\nsmtp x {\n    deliver_to <|>&boxes\n}\n', { files })).toEqual([
      'a.conf 0:12-0:17',
    ]);
    const more = { ...files, 'maddy.conf': 'import a.conf\nimport b.conf\n' };
    expect(await targetsIn('smtp x {\n    deliver_to <|>&boxes\n}\n', { files: more, name: 'b.conf' })).toEqual([
      'a.conf 0:12-0:17',
    ]);
  });

  it('is a plain place for clients without links', async () => {
    const editing = await edit('target.lmtp boxes {\n}\nsmtp x {\n    deliver_to &bo<|>xes\n}\n', { capabilities: {} });
    const answer = await editing.client.connection.sendRequest(DefinitionRequest.type, editing.at());
    expect(answer).toEqual([
      { uri: editing.uri, range: { start: { line: 0, character: 12 }, end: { line: 0, character: 17 } } },
    ]);
  });

  it('of a declaration is itself, so that editors show its uses', async () => {
    expect(await targetsIn('target.lmtp bo<|>xes {\n}\n')).toEqual(['maddy.conf 0:12-0:17']);
    expect(await targetsIn('(sn<|>ip) {\n}\n')).toEqual(['maddy.conf 0:0-0:6']);
    expect(await targetsIn('target.lm<|>tp boxes {\n}\n')).toEqual([]);
    expect(await targetsIn('auth.p<|>am {\n}\n')).toEqual([]);
  });

  it('is nothing for names that nobody declares', async () => {
    expect(await targetsIn('smtp x {\n    deliver_to &<|>nobody\n}\n')).toEqual([]);
    expect(await targetsIn('hostname $(no<|>body)\n')).toEqual([]);
    expect(await targetsIn('import no<|>body\n')).toEqual([]);
  });
});
