import type { RouteFateJson, RouteRecipientJson } from '../../lsp/protocol.ts';
import { paragraph, placeLink, readPlacedLine } from './answer-text.ts';
import { EnvelopeFields } from './envelope-fields.ts';
import type { FromForm, FromRoute, Places, ToRoute } from './view-messages.ts';
import { element } from './vscode-api.ts';

const api = acquireVsCodeApi<FromForm | FromRoute>();
const fields = new EnvelopeFields();
const answer = element('answer', HTMLElement);

fields.form.addEventListener('submit', (event) => {
  event.preventDefault();
  api.postMessage({ kind: 'route', envelope: fields.read() });
});
element('graph', HTMLButtonElement).addEventListener('click', () => {
  if (fields.form.reportValidity()) api.postMessage({ kind: 'graph', envelope: fields.read() });
});

addEventListener('message', ({ data }: MessageEvent<ToRoute>) => {
  switch (data.kind) {
    case 'form':
      return fields.fill(data);
    case 'answer':
      return show(data);
    case 'refused':
      return answer.replaceChildren(paragraph('refused', data.message));
    case 'stale':
      answer.classList.add('stale');
  }
});

function show({ route, text, places }: Extract<ToRoute, { kind: 'answer' }>): void {
  answer.classList.remove('stale');
  const steps = document.createElement('table');
  steps.append(...stepRows(text, places));
  answer.replaceChildren(...route.recipients.map(outcome), steps);
}

function outcome(recipient: RouteRecipientJson): HTMLElement {
  const line = paragraph(recipient.outcome, '');
  const word = document.createElement('strong');
  word.textContent = recipient.outcome;
  line.append(word, ` ${recipient.to} `, document.createElement('br'));
  const fates = recipient.branches.length === 0 ? [recipient] : recipient.branches;
  for (const fate of fates) {
    const words = document.createElement('span');
    words.textContent = fateWords(fate);
    line.append(words, document.createElement('br'));
  }
  return line;
}

function fateWords({ deliveries, reply, quarantined, outcome: word, assumptions }: RouteFateJson): string {
  const said = reply === null ? '' : `${reply.code} ${reply.enhanced} ${reply.text}`;
  const targets = deliveries.map(
    ({ name, target, recipient, via }) =>
      `${name === null ? target : `&${name} (${target})`} as ${recipient}${via.length === 0 ? '' : ` through ${via.map((queue) => queue ?? 'a queue').join(', ')}`}`,
  );
  const where = word === 'delivered' ? targets.join('; ') : said;
  const aside = quarantined ? ' (put aside as suspicious)' : '';
  return `${where}${aside}${assumptions.length === 0 ? '' : ` if ${assumptions.join(' and ')}`}`;
}

/** A row for each line that ends in a place; the lines without one say what the outcomes above say. */
function stepRows(text: string, places: Places): readonly HTMLTableRowElement[] {
  return text.split('\n').flatMap((line) => {
    const placed = readPlacedLine(line, places.main);
    if (placed === null) return [];
    const row = document.createElement('tr');
    const step = row.insertCell();
    step.style.paddingLeft = `${placed.indent}ch`;
    step.textContent = placed.words.replace(/\s{2,}/g, '  ');
    row.insertCell().append(placeLink(placed, places, (file, at) => api.postMessage({ kind: 'show', file, line: at })));
    return [row];
  });
}

api.postMessage({ kind: 'ready' });
