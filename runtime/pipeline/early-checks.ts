import { after } from '../../compiler/routing/later.ts';
import type { RoutedUse } from '../../compiler/routing/routes.ts';
import { gather, settle } from '../eventually.ts';
import type { CheckVerdict, Eventually, MessageContext, Reply } from '../module.ts';
import type { PipelineServices } from './services.ts';

/** Checks that judge the client at EHLO (runtime-core 6.1). What they cannot tell now they say at MAIL. */
export function earlyRefusal(
  uses: readonly RoutedUse[],
  services: PipelineServices,
  client: NonNullable<MessageContext['client']>,
): Eventually<Reply | null> {
  if (uses.length === 0) return null;
  const verdicts = uses.map(({ module }) =>
    settle<CheckVerdict, CheckVerdict>(
      () => services.instanceOf(module).check?.early?.(client) ?? passed,
      (verdict) => verdict,
      () => passed,
    ),
  );
  return after(gather(verdicts), firstRefusal);
}

const passed: CheckVerdict = { kind: 'pass' };

function firstRefusal(verdicts: readonly CheckVerdict[]): Reply | null {
  for (const verdict of verdicts) if (verdict.kind === 'reject') return verdict.reply;
  return null;
}
