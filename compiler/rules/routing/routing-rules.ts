import type { Rule } from '../rule.ts';
import { bounceRoute } from './bounce-route.ts';
import { deadModifier } from './dead-modifier.ts';
import { dkimDomainUncovered } from './dkim-domain-uncovered.ts';
import { dmarcWithoutInputs } from './dmarc-without-inputs.ts';
import { duplicateRule } from './duplicate-rule.ts';
import { expansionMixedFate } from './expansion-mixed-fate.ts';
import { localDomainRoutedOut } from './local-domain-routed-out.ts';
import { mxWithoutChecks } from './mx-without-checks.ts';
import { openRelay } from './open-relay.ts';
import { ownListener } from './own-listener.ts';
import { postmasterUnroutable } from './postmaster-unroutable.ts';
import { queueWithoutBounce } from './queue-without-bounce.ts';
import { relayByClaimedSender } from './relay-by-claimed-sender.ts';
import { remoteWithoutQueue } from './remote-without-queue.ts';
import { ruleShadowedByTable } from './rule-shadowed-by-table.ts';
import { sameStorageTwice } from './same-storage-twice.ts';
import { senderNotAuthorised } from './sender-not-authorised.ts';
import { sharedDeliveryLimits } from './shared-delivery-limits.ts';
import { submissionSplit } from './submission-split.ts';
import { unreachableBlock } from './unreachable-block.ts';

/** Rules that ask where mail goes. */
export const routingRules: readonly Rule[] = [
  openRelay,
  relayByClaimedSender,
  senderNotAuthorised,
  duplicateRule,
  ruleShadowedByTable,
  postmasterUnroutable,
  unreachableBlock,
  deadModifier,
  localDomainRoutedOut,
  ownListener,
  submissionSplit,
  queueWithoutBounce,
  bounceRoute,
  remoteWithoutQueue,
  expansionMixedFate,
  sameStorageTwice,
  sharedDeliveryLimits,
  dkimDomainUncovered,
  dmarcWithoutInputs,
  mxWithoutChecks,
];
