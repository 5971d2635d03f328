import type { RouteDelivery } from '../explain/request.ts';
import type { RoutingModel, Survey, Way } from './model.ts';

/** What can be said for all mail of a kind. */
export interface Proof {
  /** Null: not decided within the runs that were made. */
  readonly holds: boolean | null;
  /** Ways that speak against it; the first is the plainest. */
  readonly against: readonly Way[];
  readonly runs: number;
}

/** A statement about all ways of a survey. A counter-example stands, however much was looked at. */
export function proveForAll({ ways, runs, complete }: Survey, breaks: (way: Way) => boolean): Proof {
  const against = ways.filter(breaks);
  return { holds: against.length > 0 ? false : complete ? true : null, against, runs };
}

/** No outsider sends to other hosts through an endpoint, whatever address he claims to be. */
export function noOpenRelay(model: RoutingModel): Proof {
  return proveForAll(
    model.survey(),
    (way) => isRelayed(way) && isStranger(way) && way.traffic.recipient.kind === 'elsewhere',
  );
}

/** No outsider sends to other hosts by claiming an address that a rule trusts; endpoints open to everybody are not counted. */
export function noRelayBySender(model: RoutingModel): Proof {
  const open = new Set(noOpenRelay(model).against.map(({ traffic }) => traffic.entrance));
  return proveForAll(
    model.survey(),
    (way) =>
      isRelayed(way) &&
      !isKnownUser(way) &&
      isClaimed(way) &&
      way.traffic.recipient.kind === 'elsewhere' &&
      !open.has(way.traffic.entrance),
  );
}

/** Whoever logs in is held to his own addresses before his mail leaves. */
export function usersSendAsThemselves(model: RoutingModel): Proof {
  return proveForAll(
    model.survey(),
    (way) =>
      isRelayed(way) &&
      isKnownUser(way) &&
      way.traffic.sender.kind !== 'null' &&
      !way.steps.some((step) => step.kind === 'check' && step.module.module === 'check.authorize_sender'),
  );
}

/** Mail for `postmaster`, alone or at a local domain, is taken where mail for local domains is taken (RFC 5321 4.5.1). */
export function postmasterAccepted(model: RoutingModel): Proof {
  const survey = model.survey();
  const receiving = new Set(
    survey.ways.filter((way) => isFromOutside(way) && isKept(way)).map(({ traffic }) => traffic.entrance),
  );
  const ways = model.entrances
    .filter((entrance) => receiving.has(entrance))
    .flatMap((entrance) =>
      ['postmaster', ...model.localDomains.slice(0, mostDomains).map((domain) => `postmaster@${domain}`)].flatMap(
        (address) => model.waysBetween(entrance, null, stranger, address),
      ),
    );
  return proveForAll(
    { ways, runs: ways.length, complete: model.localDomains.length <= mostDomains },
    (way) => way.outcome === 'rejected' && !isFavoured(way),
  );
}

/** Some mail from outside is delivered at each local domain. */
export function localDomainsDeliverable(model: RoutingModel): Proof {
  const survey = model.survey();
  const reached = new Set<string>();
  for (const way of survey.ways) {
    if (way.outcome !== 'delivered' || way.traffic.auth !== null) continue;
    const { representative, others } = way.traffic.recipient;
    for (const address of [representative, ...others]) reached.add(domainOf(address));
  }
  const lost = new Set(model.localDomains.filter((domain) => !reached.has(domain)));
  return proveForAll(
    survey,
    (way) =>
      isFromOutside(way) &&
      way.outcome === 'rejected' &&
      !isFavoured(way) &&
      lost.has(domainOf(way.traffic.recipient.representative)),
  );
}

/** Bounces of every queue find their way to senders at local domains; those to others may be refused (backscatter). */
export function bouncesDelivered(model: RoutingModel): Proof {
  return proveForAll(
    model.bounceSurvey(),
    (way) => way.outcome === 'rejected' && way.traffic.recipient.local && !isFavoured(way),
  );
}

/** Somebody whom no rule knows. */
const stranger = 'anybody@elsewhere.invalid';
const mostDomains = 50;

/** Mail leaves for other hosts, and nothing that only the tables of the administrator can give was taken for granted. */
export function isRelayed(way: Way): boolean {
  return way.outcome === 'delivered' && relayOf(way) !== null && !isFavoured(way);
}

/** The first delivery that leaves for other hosts. */
export function relayOf({ deliveries }: Way): RouteDelivery | null {
  return deliveries.find(({ scope }) => scope === 'relay') ?? null;
}

/** A table is supposed to hold something: only its owner can put it there. */
export function isFavoured({ assumptions }: Way): boolean {
  return assumptions.some(({ values }) => values.length > 0);
}

/** Kept here, or handed to who keeps it. */
export function isKept({ outcome, deliveries }: Way): boolean {
  return outcome === 'delivered' && deliveries.some(({ scope }) => scope !== 'relay');
}

function isFromOutside({ traffic }: Way): boolean {
  return traffic.auth === null && traffic.entrance.kind === 'endpoint';
}

/** Nobody known, and under a name that no rule knows, or under none. */
function isStranger(way: Way): boolean {
  return !isKnownUser(way) && !isClaimed(way);
}

/** Logged in, where that takes a password. */
function isKnownUser({ traffic }: Way): boolean {
  return traffic.auth !== null && !traffic.entrance.takesAnyPassword;
}

/** Under a name that a rule knows. */
function isClaimed({ traffic }: Way): boolean {
  return traffic.sender.kind !== 'elsewhere' && traffic.sender.kind !== 'null';
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
