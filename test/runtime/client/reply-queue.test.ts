import { expect, test } from 'vitest';
import { ReplyQueue } from '../../../runtime/client/reply-queue.ts';

/** What comes of so many commands when the server sends the chunks. */
function told(commands: number, chunks: readonly string[]): readonly string[] {
  const queue = new ReplyQueue();
  const results: string[] = [];
  for (let command = 0; command < commands; command += 1) {
    queue.expect({
      answered: ({ code, lines }) =>
        results.push(`${code} ${lines.join('/')}, ${queue.isQuiet ? 'usable' : 'not usable'}`),
      lost: ({ message }) => results.push(message),
    });
  }
  for (const chunk of chunks) queue.receive(Buffer.from(chunk));
  return results;
}

test('answers in order, however they are cut', () => {
  const replies = ['250 one, not usable', '250 two/three, usable'];
  const text = '250 one\r\n250-two\r\n250 three\r\n';
  expect(told(2, [text])).toEqual(replies);
  expect(told(2, [...text])).toEqual(replies);
});

test('what was answered before something that is no reply counts, in one chunk as in several', () => {
  const results = ['250 queued, not usable', 'not a reply of SMTP'];
  expect(told(2, ['250 queued\r\nnonsense\r\n250 more\r\n'])).toEqual(results);
  expect(told(1, ['250 queued\r\nnonsense\r\n'])).toEqual(['250 queued, not usable']);
});

test('what was said before a command is no answer to it, though it is read later', () => {
  const queue = new ReplyQueue();
  const heard: number[] = [];
  const lost = (): void => {};
  queue.expect({
    answered: () => queue.expect({ answered: ({ code }) => heard.push(code), lost }),
    lost,
  });
  queue.receive(Buffer.from('250 taken\r\n421 I close\r\n'));
  expect(heard).toEqual([]);
  expect(queue.isQuiet).toBe(false);
  queue.receive(Buffer.from('250 the answer\r\n'));
  expect(heard).toEqual([250]);
  expect(queue.isQuiet).toBe(false);
});
