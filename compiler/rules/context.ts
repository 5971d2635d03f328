import { once } from '../../grammar/once.ts';
import { macroDomains } from '../routing/prove/local-domains.ts';
import { RoutingModel } from '../routing/prove/model.ts';
import { AddressBook, addressesByModule } from './configured-address.ts';
import type { RuleContext, RuleInput } from './rule.ts';
import { isRuledByRegexps, tableUsesOf } from './table-use.ts';
import { tlsSettingsOf } from './tls-settings.ts';

/** Runs of the router: what is not decided by then is not said. */
const mostRuns = 1500;

/** What several rules need is looked for when the first of them asks. */
export function contextOf(input: RuleInput): RuleContext {
  return new Context(input);
}

class Context implements RuleContext {
  readonly program: RuleInput['program'];
  readonly inventory: RuleInput['inventory'];
  readonly expansion: RuleInput['expansion'];
  readonly dialect: RuleInput['dialect'];
  readonly host: RuleInput['host'];
  readonly targetVersion: RuleInput['targetVersion'];
  readonly localDomains: RuleInput['localDomains'];
  readonly regexps: RuleInput['regexps'];
  readonly facts: RuleInput['facts'];
  readonly files: RuleInput['files'];
  readonly plan: RuleInput['plan'];
  readonly memory: RuleInput['memory'];
  readonly #addresses = once(
    () => new AddressBook(addressesByModule(this.program, this.inventory, this.memory?.addresses)),
  );
  readonly #tlsSettings = once(() => tlsSettingsOf(this.program, this.inventory));
  readonly #tableUses = once(() => tableUsesOf(this.inventory));
  readonly #routing = once(() => this.#model());

  constructor(input: RuleInput) {
    this.program = input.program;
    this.inventory = input.inventory;
    this.expansion = input.expansion;
    this.dialect = input.dialect;
    this.host = input.host;
    this.targetVersion = input.targetVersion;
    this.localDomains = input.localDomains;
    this.regexps = input.regexps;
    this.facts = input.facts;
    this.files = input.files;
    this.plan = input.plan;
    this.memory = input.memory;
  }

  get addresses(): RuleContext['addresses'] {
    return this.#addresses();
  }

  get tlsSettings(): RuleContext['tlsSettings'] {
    return this.#tlsSettings();
  }

  get tableUses(): RuleContext['tableUses'] {
    return this.#tableUses();
  }

  get routing(): RuleContext['routing'] {
    return this.#routing();
  }

  #model(): RoutingModel | null {
    const plan = this.plan();
    if (plan === null) return null;
    const localDomains = [...this.localDomains, ...macroDomains(this.expansion, this.memory?.macroDomains)];
    // The command line has the engine only where it must, and the editor always: both look at the same.
    const regexps = isRuledByRegexps(this.tableUses) ? this.regexps : null;
    const kept = this.memory;
    return new RoutingModel(plan, this.host, { regexps, localDomains, mostRuns, mergesUntold: true, kept });
  }
}
