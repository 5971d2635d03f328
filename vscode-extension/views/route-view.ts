import type { RouteFateJson, RouteRecipientJson } from '../../lsp/protocol.ts';
import type { Envelope, FromRoute, ToRoute } from './view-messages.ts';
import { element } from './vscode-api.ts';

const api = acquireVsCodeApi<FromRoute>();
const form = element('form', HTMLFormElement);
const from = element('from', HTMLInputElement);
const to = element('to', HTMLInputElement);
const endpoint = element('endpoint', HTMLSelectElement);
const auth = element('auth', HTMLInputElement);
const ip = element('ip', HTMLInputElement);
const checks = element('checks', HTMLFieldSetElement);
const answer = element('answer', HTMLElement);
/** Endpoints that users log in to. */
let withLogins: ReadonlySet<string> = new Set();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  api.postMessage({ kind: 'route', envelope: envelope() });
});
element('graph', HTMLButtonElement).addEventListener('click', () => {
  if (form.reportValidity()) api.postMessage({ kind: 'graph', envelope: envelope() });
});
endpoint.addEventListener('change', offerLogin);

addEventListener('message', ({ data }: MessageEvent<ToRoute>) => {
  switch (data.kind) {
    case 'form':
      return fill(data);
    case 'answer':
      return show(data);
    case 'refused':
      return answer.replaceChildren(paragraph('refused', data.message));
    case 'stale':
      answer.classList.add('stale');
  }
});

function fill({ file, form: offered, endpoint: chosen }: Extract<ToRoute, { kind: 'form' }>): void {
  element('file', HTMLSpanElement).textContent = file;
  withLogins = new Set(offered.endpoints.flatMap(({ name, takesLogins }) => (takesLogins ? [name] : [])));
  endpoint.replaceChildren(...offered.endpoints.map(({ name }) => new Option(name, name)));
  if (chosen !== null) endpoint.value = chosen;
  const [domain = 'example.org'] = offered.localDomains;
  if (to.value === '') to.value = `postmaster@${domain}`;
  if (from.value === '') from.value = `somebody@${strangeDomain(offered.localDomains)}`;
  const choices = offered.checks.map((name) => {
    const label = document.createElement('label');
    const select = document.createElement('select');
    select.name = name;
    select.append(new Option('passes', ''), ...offered.verdicts.map((verdict) => new Option(verdict, verdict)));
    label.append(`${name} `, select);
    return label;
  });
  checks.replaceChildren(...checks.querySelectorAll('legend'), ...choices);
  checks.hidden = choices.length === 0;
  offerLogin();
  to.focus();
}

/** A sender of the own domain is often refused at the door for strangers, and would not show the usual way. */
function strangeDomain(local: readonly string[]): string {
  return ['example.net', 'example.com', 'example.edu'].find((each) => !local.includes(each)) ?? 'elsewhere.invalid';
}

function offerLogin(): void {
  element('login', HTMLLabelElement).hidden = !withLogins.has(endpoint.value);
}

function envelope(): Envelope {
  const verdicts = [...checks.querySelectorAll('select')].filter(({ value }) => value !== '');
  return {
    from: from.value.trim(),
    to: to.value.split(/[\s,;]+/).filter((address) => address !== ''),
    endpoint: endpoint.value === '' ? null : endpoint.value,
    auth: withLogins.has(endpoint.value) && auth.value.trim() !== '' ? auth.value.trim() : null,
    ip: ip.value.trim() === '' ? null : ip.value.trim(),
    checks: Object.fromEntries(verdicts.map(({ name, value }) => [name, value])),
  };
}

function show({ route, text, names }: Extract<ToRoute, { kind: 'answer' }>): void {
  answer.classList.remove('stale');
  const steps = document.createElement('table');
  steps.append(...stepRows(text, names));
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

/**
 * A row for each line that ends in a place: `maddy.conf:30`, or `:34` for another line of the same file. The lines without one
 * say what the outcomes above say.
 */
function stepRows(text: string, names: Readonly<Record<string, string>>): readonly HTMLTableRowElement[] {
  let file = '';
  return text.split('\n').flatMap((line) => {
    const [, indent = '', words = '', path = '', number] = /^(\s*)(.*?)\s+(\S*):(\d+)$/.exec(line) ?? [];
    if (path !== '') file = path;
    if (number === undefined || file === '') return [];
    const shown = file;
    const link = document.createElement('a');
    link.href = '#';
    link.textContent = `${names[path] ?? path}:${number}`;
    link.title = `${file}:${number}`;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      api.postMessage({ kind: 'show', file: shown, line: Number(number) });
    });
    const row = document.createElement('tr');
    const step = row.insertCell();
    step.style.paddingLeft = `${indent.length}ch`;
    step.textContent = words.replace(/\s{2,}/g, '  ');
    row.insertCell().append(link);
    return [row];
  });
}

function paragraph(kind: string, text: string): HTMLElement {
  const made = document.createElement('p');
  made.className = kind;
  made.textContent = text;
  return made;
}

api.postMessage({ kind: 'ready' });
