import { paragraph, placeLink, readPlacedLine } from './answer-text.ts';
import { EnvelopeFields } from './envelope-fields.ts';
import type { FromForm, FromSend, Places, PlayedOutcome, ToSend, TranscriptLine } from './view-messages.ts';
import { element } from './vscode-api.ts';

const api = acquireVsCodeApi<FromForm | FromSend>();
const fields = new EnvelopeFields();
const subject = element('subject', HTMLInputElement);
const body = element('body', HTMLTextAreaElement);
const answer = element('answer', HTMLElement);

fields.form.addEventListener('submit', (event) => {
  event.preventDefault();
  api.postMessage({ kind: 'send', message: { ...fields.read(), subject: subject.value, body: body.value } });
});

addEventListener('message', ({ data }: MessageEvent<ToSend>) => {
  switch (data.kind) {
    case 'form':
      return fields.fill(data);
    case 'playing':
      answer.classList.add('stale');
      return;
    case 'played':
      return show(data);
    case 'refused':
      answer.classList.remove('stale');
      return answer.replaceChildren(paragraph('refused', data.message));
    case 'stale':
      answer.classList.add('stale');
  }
});

function show({ outcomes, lines, places }: Extract<ToSend, { kind: 'played' }>): void {
  answer.classList.remove('stale');
  const title = document.createElement('h2');
  title.textContent = 'What was said, and why';
  const transcript = document.createElement('div');
  transcript.id = 'transcript';
  transcript.append(...foldReplies(lines).map((group) => transcriptPart(group, places)));
  answer.replaceChildren(...outcomes.map(outcome), title, transcript);
  answer.scrollIntoView({ block: 'nearest' });
}

function outcome({ to, code, kind, words }: PlayedOutcome): HTMLElement {
  const line = paragraph(kind, '');
  const head = document.createElement('strong');
  head.textContent = `${code === null ? '' : `${code} `}${kind}`;
  line.append(head, ` ${to}`);
  for (const each of words) line.append(document.createElement('br'), each);
  return line;
}

/** Replies of several lines stay together: the greeting's would push the reasons out of sight. */
function foldReplies(lines: readonly TranscriptLine[]): readonly TranscriptLine[][] {
  const groups: TranscriptLine[][] = [];
  let isOpen = false;
  for (const line of lines) {
    const last = groups.at(-1);
    if (isOpen && last !== undefined && line.by === 'server') last.push(line);
    else groups.push([line]);
    isOpen = line.by === 'server' && /^\d{3}-/.test(line.text);
  }
  return groups;
}

function transcriptPart(group: readonly TranscriptLine[], places: Places): HTMLElement {
  const [first, ...rest] = group.map((line) => transcriptLine(line, places));
  if (first === undefined || rest.length === 0) return first ?? document.createElement('div');
  const part = document.createElement('details');
  const summary = document.createElement('summary');
  summary.append(first, `and ${rest.length} more line${rest.length === 1 ? '' : 's'}`);
  part.append(summary, ...rest);
  return part;
}

const speakers = { client: 'C:', server: 'S:', reason: '#' } as const;

function transcriptLine({ by, text }: TranscriptLine, places: Places): HTMLElement {
  const line = document.createElement('div');
  line.className = by;
  const words = document.createElement('span');
  const placed = by === 'reason' ? readPlacedLine(text, places.main) : null;
  // The program lays its columns out for a terminal.
  const shown = placed === null ? text : `${' '.repeat(placed.indent)}${placed.words.replace(/\s{2,}/g, '  ')}`;
  words.textContent = `${speakers[by]} ${shown}`;
  line.append(words);
  if (placed !== null) {
    line.append(placeLink(placed, places, (file, at) => api.postMessage({ kind: 'show', file, line: at })));
  }
  return line;
}

api.postMessage({ kind: 'ready' });
