import { once } from '../../../grammar/once.ts';
import type { Host } from '../../host.ts';
import type { PlanEndpoint, PlannedModules } from '../../plan/plan.ts';
import { lookupDomain } from '../../text/domain.ts';
import { compileRoutes, type RouteCompiler } from '../compile-routes.ts';
import { CheckAnswers } from '../explain/checks.ts';
import { type EntryPoint, type Envelope, type RecipientTrace, runEnvelope } from '../explain/envelope-run.ts';
import { explore } from '../explain/explore.ts';
import type { Suppositions } from '../explain/request.ts';
import { type Ask, TableAnswers, type TableAssumption } from '../explain/table-answers.ts';
import { KnownTables, type RegexpEngine } from '../explain/tables.ts';
import { usesAt } from '../plan-values.ts';
import type { Pipeline, RoutedModule, Routes } from '../routes.ts';
import { type AddressClass, type AddressClasses, classify } from './address-class.ts';
import type { KeptWays } from './kept-ways.ts';
import { ruledDomains } from './local-domains.ts';
import { elsewhere, type Mentions, mentionsOf } from './mentions.ts';
import { lastWords, pipelinesFrom, type Reach, reachOf } from './reach.ts';
import { isThisHost } from './target-scope.ts';

/** Where mail comes in: an endpoint, or a queue with mail about what it could not deliver. */
export interface Entrance {
  readonly kind: 'endpoint' | 'bounce';
  /** Of the endpoint, or of the queue. */
  readonly module: EntryPoint & Pick<PlanEndpoint, 'at'>;
  /** `smtp tcp://0.0.0.0:25`; of a bounce the queue's name. */
  readonly name: string;
  readonly pipeline: Pipeline;
  /** Who can reach it: everybody on this host, or others as well. */
  readonly exposure: 'host' | 'network';
  /** `none`: nobody logs in there; `asked`: somebody may; `required`: without, nothing is taken. */
  readonly login: 'none' | 'asked' | 'required';
  /** `auth dummy`: everybody can be any user, so a login says nothing. */
  readonly takesAnyPassword: boolean;
}

/** A class of mail. */
export interface Traffic {
  readonly entrance: Entrance;
  /** User name of the login; null: not logged in. */
  readonly auth: string | null;
  readonly sender: AddressClass;
  readonly recipient: AddressClass;
}

/** What becomes of a class of mail under one set of assumptions. */
export interface Way extends RecipientTrace {
  readonly traffic: Traffic;
  readonly assumptions: readonly TableAssumption[];
}

export interface Survey {
  readonly ways: readonly Way[];
  readonly runs: number;
  /** False when the budget ended it, or when there are more addresses than are looked at. */
  readonly complete: boolean;
}

interface Classes {
  readonly senders: readonly AddressClass[];
  readonly recipients: readonly AddressClass[];
}

export interface ModelOptions {
  /** What `$(local_domains)` and `$(primary_domain)` stand for: see `macroDomains`. */
  readonly localDomains?: readonly string[];
  /** Null: tables of regular expressions are not known, and branch. */
  readonly regexps: RegexpEngine | null;
  readonly suppositions?: Suppositions;
  /** Who is not at a local domain is looked at together with strangers where no rule tells him from them. Default: by himself. */
  readonly mergesUntold?: boolean;
  /** Runs of the router that a survey may take. */
  readonly mostRuns?: number;
  /** For whoever models a configuration again and again. */
  readonly kept?: { readonly routes: RouteCompiler; readonly ways: KeptWays } | null;
}

const nothingSupposed: Suppositions = { checks: new Map(), tables: new Map() };
const usualRuns = 4000;
const mostBranches = 16;
/** How much is looked at before the first run, in proportion to the runs. */
const runsPerMention = 4;
const marksPerRun = 20;
/** Addresses that a table may rewrite to when nobody knows what it holds. */
const mostRewritten = 6;

/**
 * What a configuration does with mail of every kind. Rules and known tables tell only those addresses apart that they mention, so
 * one run of the router for each class of senders and recipients covers all mail (design: routing). Checks pass unless they are
 * supposed to do otherwise, and whoever logs in may use his sender address.
 */
export class RoutingModel {
  readonly plan: PlannedModules;
  readonly routes: Routes;
  readonly reach: Reach;
  readonly entrances: readonly Entrance[];
  readonly bounces: readonly Entrance[];
  /** R10, in lookup form. */
  readonly localDomains: readonly string[];
  readonly tables: KnownTables;
  readonly #answers: TableAnswers;
  readonly #suppositions: Suppositions;
  readonly #mostRuns: number;
  readonly #mergesUntold: boolean;
  readonly #keptWays: KeptWays | null;
  #mentions: Mentions | null = null;
  readonly #senders = once(() => this.#classify('sender'));
  readonly #recipients = once(() => this.#classify('recipient'));
  readonly #allSenders = once(() => this.#senders().within(null));
  readonly #allRecipients = once(() => this.#recipients().within(null));
  readonly #lastWords = once(() => lastWords(this.reach, this.routes));
  #survey: Survey | null = null;
  #bounceSurvey: Survey | null = null;

  constructor(plan: PlannedModules, host: Host, options: ModelOptions) {
    this.plan = plan;
    this.routes = options.kept?.routes.compile(plan) ?? compileRoutes(plan);
    this.#keptWays = options.kept?.ways ?? null;
    this.#keptWays?.begin(this.routes);
    this.reach = reachOf(this.routes);
    this.#suppositions = options.suppositions ?? nothingSupposed;
    this.#mostRuns = options.mostRuns ?? usualRuns;
    this.#mergesUntold = options.mergesUntold ?? false;
    this.tables = new KnownTables(plan, this.routes, host, options.regexps);
    // What no rule looks at any more may be any address.
    this.#answers = new TableAnswers(this.tables, this.#suppositions, (table) =>
      this.recipients
        .slice(0, this.#lastWords().has(table) ? 1 : mostRewritten)
        .map(({ representative }) => representative),
    );
    const named = (options.localDomains ?? []).map((domain) => lookupDomain(domain) ?? domain);
    this.localDomains = [...new Set([...named, ...ruledDomains(this.reach)])];
    this.entrances = plan.endpoints.flatMap((endpoint, index) => {
      const pipeline = this.routes.endpoints[index];
      return pipeline === null || pipeline === undefined ? [] : [new EndpointEntrance(endpoint, pipeline)];
    });
    this.bounces = this.reach.bounces.map(({ queue, pipeline }) => ({
      kind: 'bounce',
      module: { module: 'bounce', config: queue.plan.config, at: pipeline.at },
      name: queue.name ?? 'queue in place',
      pipeline,
      exposure: 'host',
      login: 'none',
      takesAnyPassword: false,
    }));
  }

  get senders(): readonly AddressClass[] {
    return this.#allSenders();
  }

  get recipients(): readonly AddressClass[] {
    return this.#allRecipients();
  }

  /** Every class of mail through every endpoint; made once. */
  survey(): Survey {
    this.#survey ??= this.#surveyOf(this.entrances, (pipelines) => ({
      senders: pipelines === null ? this.senders : this.#senders().within(pipelines),
      recipients: pipelines === null ? this.recipients : this.#recipients().within(pipelines),
    }));
    return this.#survey;
  }

  /** Bounces of every queue, to every class of addresses that may have sent something; made once. */
  bounceSurvey(): Survey {
    const nobody = [this.classOf('')];
    this.#bounceSurvey ??= this.#surveyOf(this.bounces, (pipelines) => ({
      senders: nobody,
      // Whoever sent a message has a domain.
      recipients: this.#recipients()
        .within(pipelines)
        .filter(({ representative }) => representative.includes('@')),
    }));
    return this.#bounceSurvey;
  }

  /** What becomes of mail between two addresses; one way for each set of assumptions. */
  waysOf(traffic: Traffic, mostWays: number = mostBranches): Pick<Survey, 'ways' | 'complete'> {
    const { entrance, auth, sender, recipient } = traffic;
    const kept = entrance.kind === 'endpoint' ? this.#keptWays?.through(entrance.module) : undefined;
    const name = kept === undefined ? '' : JSON.stringify([auth, sender.representative, recipient.representative]);
    const known = kept?.get(name);
    if (known !== undefined) return { ways: [{ ...known, traffic, assumptions: [] }], complete: true };
    let asksTables = false;
    const { routes } = this;
    const envelope: Envelope = {
      auth,
      from: sender.representative,
      to: [recipient.representative],
      smtputf8: null,
    };
    const { results, complete } = explore((oracle) => {
      const assumptions: TableAssumption[] = [];
      const checks = new CheckAnswers({
        routes,
        suppositions: this.#suppositions,
        auth,
        // Some user may do it: which one, the tables of logins say.
        knownValues: () => null,
      });
      const answer = this.#answers.askedBy(oracle, assumptions);
      const ask: Ask = (table, key, by) => {
        asksTables = true;
        return answer(table, key, by);
      };
      const [trace] = runEnvelope(
        { checks, ask, tellsPassedOver: false },
        entrance.module,
        entrance.pipeline,
        envelope,
      );
      if (trace === undefined) throw new Error('an envelope with one recipient has one fate');
      if (!asksTables) kept?.set(name, trace);
      return { ...trace, traffic, assumptions };
    }, mostWays);
    return { ways: results, complete };
  }

  /** What becomes of mail between two single addresses. */
  waysBetween(entrance: Entrance, auth: string | null, from: string, to: string): readonly Way[] {
    return this.waysOf({ entrance, auth, sender: this.classOf(from), recipient: this.classOf(to) }).ways;
  }

  /** An address as a class of its own. */
  classOf(address: string): AddressClass {
    const domain = address.slice(address.lastIndexOf('@') + 1);
    const local = this.localDomains.includes(domain.toLowerCase());
    return { kind: address === '' ? 'null' : 'address', representative: address, local, others: [] };
  }

  /** Values of a table that can be known without a running server. */
  known(table: RoutedModule, key: string): readonly string[] | null {
    return this.#answers.known(table, key);
  }

  /** Somebody at a domain whom nothing mentions. */
  anybodyAt(domain: string): string {
    return `${this.#mentioned().anybody}@${domain}`;
  }

  /** Somebody with an account here. */
  get user(): string {
    return this.anybodyAt(this.localDomains[0] ?? elsewhere[0] ?? '');
  }

  /** Addresses are told apart by what lies behind each entrance: what other entrances know of them changes nothing there. */
  #surveyOf(
    entrances: readonly Entrance[],
    classesWithin: (pipelines: ReadonlySet<Pipeline> | null) => Classes,
  ): Survey {
    const ways: Way[] = [];
    let complete = this.#mentioned().complete && this.#senders().complete && this.#recipients().complete;
    let left = this.#mostRuns * marksPerRun;
    const known = new Map<Entrance, Classes>();
    const classesOf = (entrance: Entrance): Classes => {
      const found = known.get(entrance);
      if (found !== undefined) return found;
      const behind = pipelinesFrom(entrance.pipeline, left);
      left -= behind?.blocks ?? left;
      const classes = classesWithin(behind?.pipelines ?? null);
      known.set(entrance, classes);
      return classes;
    };
    // What strangers can do comes first, at every entrance: it matters most if not all can be looked at.
    for (const looksAtStrangers of [true, false]) {
      for (const entrance of entrances) {
        const { senders, recipients } = classesOf(entrance);
        for (const sender of senders.filter((each) => isStranger(each) === looksAtStrangers)) {
          for (const auth of this.#loginsFor(entrance, sender)) {
            for (const recipient of recipients) {
              const left = this.#mostRuns - ways.length;
              if (left <= 0) return { ways, runs: ways.length, complete: false };
              const found = this.waysOf({ entrance, auth, sender, recipient }, Math.min(left, mostBranches));
              complete &&= found.complete;
              for (const way of found.ways) ways.push(way);
              if (found.ways.every(({ senderRefused }) => senderRefused)) break;
            }
          }
        }
      }
    }
    return { ways, runs: ways.length, complete };
  }

  #loginsFor({ login }: Entrance, { representative, kind }: AddressClass): readonly (string | null)[] {
    const user = kind === 'null' || kind === 'elsewhere' ? this.user : representative;
    if (login === 'none') return [null];
    // Without a login the session refuses by itself.
    return login === 'required' ? [user] : [null, user];
  }

  #classify(side: 'sender' | 'recipient'): AddressClasses {
    const known = (table: RoutedModule, key: string): readonly string[] | null => this.known(table, key);
    const local = new Set(this.localDomains);
    const options = { most: this.#mostRuns * marksPerRun, mergesUntold: this.#mergesUntold };
    return classify(side, this.#mentioned(), this.reach, local, known, options);
  }

  #mentioned(): Mentions {
    this.#mentions ??= mentionsOf(
      this.reach,
      this.routes,
      (table) => this.tables.entriesOf(table),
      this.localDomains,
      Math.ceil(this.#mostRuns / runsPerMention),
    );
    return this.#mentions;
  }
}

function isStranger({ kind }: AddressClass): boolean {
  return kind === 'elsewhere' || kind === 'null';
}

class EndpointEntrance implements Entrance {
  readonly kind = 'endpoint';
  readonly module: PlanEndpoint;
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly login: Entrance['login'];
  readonly takesAnyPassword: boolean;
  #exposure: Entrance['exposure'] | null = null;

  constructor(endpoint: PlanEndpoint, pipeline: Pipeline) {
    const { module, addresses, config } = endpoint;
    const providers = usesAt(config, 'auth');
    this.module = endpoint;
    this.name = [module, ...addresses.slice(0, 1)].join(' ');
    this.pipeline = pipeline;
    this.login = module === 'submission' ? 'required' : providers.length > 0 ? 'asked' : 'none';
    this.takesAnyPassword = providers.some((provider) => 'module' in provider && provider.module === 'dummy');
  }

  get exposure(): Entrance['exposure'] {
    this.#exposure ??= isThisHost(this.module.addresses) ? 'host' : 'network';
    return this.#exposure;
  }
}

export function takesLogins({ config }: PlanEndpoint): boolean {
  return Array.isArray(config.auth) && config.auth.length > 0;
}
