import type { EndpointForm } from '../../lsp/protocol.ts';
import type { Envelope, ToForm } from './view-messages.ts';
import { element } from './vscode-api.ts';

/** The fields that forms for a message have in common. */
export class EnvelopeFields {
  readonly form = element('form', HTMLFormElement);
  readonly #from = element('from', HTMLInputElement);
  readonly #to = element('to', HTMLInputElement);
  readonly #endpoint = element('endpoint', HTMLSelectElement);
  readonly #auth = element('auth', HTMLInputElement);
  readonly #ip = element('ip', HTMLInputElement);
  readonly #checks = element('checks', HTMLFieldSetElement);
  #endpoints: readonly EndpointForm[] = [];
  #localDomains: readonly string[] = [];
  /** What was proposed, by field: what the user has typed stays. */
  readonly #proposed = new Map<HTMLInputElement, string>();

  constructor() {
    this.#endpoint.addEventListener('change', () => this.#fitEndpoint());
  }

  fill({ file, form, endpoint }: Extract<ToForm, { kind: 'form' }>): void {
    element('file', HTMLSpanElement).textContent = file;
    this.#endpoints = form.endpoints;
    this.#localDomains = form.localDomains;
    const before = this.#endpoint.value;
    this.#endpoint.replaceChildren(...form.endpoints.map(({ name }) => new Option(name, name)));
    const wanted = endpoint ?? before;
    if (form.endpoints.some(({ name }) => name === wanted)) this.#endpoint.value = wanted;
    this.#fitEndpoint();
    this.#to.focus();
  }

  read(): Envelope {
    const verdicts = [...this.#checks.querySelectorAll('select')].filter(({ value }) => value !== '');
    const auth = this.#auth.value.trim();
    return {
      from: this.#from.value.trim(),
      to: this.#to.value.split(/[\s,;]+/).filter((address) => address !== ''),
      endpoint: this.#chosen?.name ?? null,
      auth: this.#chosen?.takesLogins === true && auth !== '' ? auth : null,
      ip: this.#ip.value.trim() === '' ? null : this.#ip.value.trim(),
      checks: Object.fromEntries(verdicts.map(({ name, value }) => [name, value])),
    };
  }

  get #chosen(): EndpointForm | undefined {
    return this.#endpoints.find(({ name }) => name === this.#endpoint.value);
  }

  /** Only what this endpoint asks: who logs in, and what its own checks say. */
  #fitEndpoint(): void {
    const chosen = this.#chosen;
    element('login', HTMLLabelElement).hidden = chosen?.takesLogins !== true;
    const said = new Map([...this.#checks.querySelectorAll('select')].map(({ name, value }) => [name, value]));
    const choices = (chosen?.checks ?? []).map(({ name, verdicts }) => {
      const label = document.createElement('label');
      const select = document.createElement('select');
      select.name = name;
      select.append(new Option('passes', ''), ...verdicts.map((verdict) => new Option(verdict, verdict)));
      const before = said.get(name) ?? '';
      if (verdicts.includes(before)) select.value = before;
      label.append(`${name} `, select);
      return label;
    });
    this.#checks.replaceChildren(...this.#checks.querySelectorAll('legend'), ...choices);
    this.#checks.hidden = choices.length === 0;
    const [domain = 'example.org'] = this.#localDomains;
    // A sender of the own domain is often refused at the door for strangers, and would not show the usual way.
    const stranger = `somebody@${strangeDomain(this.#localDomains)}`;
    const user = `postmaster@${domain}`;
    const isForUsers = chosen?.protocol === 'submission';
    this.#propose(this.#from, isForUsers ? user : stranger);
    this.#propose(this.#to, isForUsers ? stranger : user);
    this.#propose(this.#auth, isForUsers ? user : '');
  }

  #propose(field: HTMLInputElement, value: string): void {
    if (field.value !== (this.#proposed.get(field) ?? '')) return;
    field.value = value;
    this.#proposed.set(field, value);
  }
}

function strangeDomain(local: readonly string[]): string {
  return ['example.net', 'example.com', 'example.edu'].find((each) => !local.includes(each)) ?? 'elsewhere.invalid';
}
