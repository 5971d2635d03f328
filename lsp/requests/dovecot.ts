import { type DovecotAnswer, type DovecotParams, dovecotMethod } from '../protocol.ts';
import type { Session } from '../session.ts';
import { aboutConfiguration, answered, type Configuration, onAsk, refusal } from './answer.ts';

/** The other side of the step to Dovecot. The engine is loaded by the first who asks for it. */
export function registerDovecot(session: Session): void {
  onAsk(session, dovecotMethod, async ({ uri, release }: DovecotParams) => {
    const engine = await import('../../compiler/dovecot/render.ts');
    return aboutConfiguration(session, uri, (configuration) => rendered(engine, configuration, release));
  });
}

function rendered(
  { renderDovecot, usualRenderOptions }: typeof import('../../compiler/dovecot/render.ts'),
  configuration: Configuration,
  release: DovecotParams['release'],
): DovecotAnswer {
  const configVersion = release === '2.3' ? '2.3' : '2.4.0';
  const { analysis, compiled } = configuration;
  const found = renderDovecot(analysis.compiled ?? compiled, { ...usualRenderOptions, release, configVersion });
  if (found === null) {
    return refusal('nothing is delivered to Dovecot or asks it about logins yet: migrate to Dovecot first', []);
  }
  return { ...answered(configuration), text: found.text, notes: found.notes };
}
