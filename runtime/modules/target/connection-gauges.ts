import type { ModuleContext, ModuleInstance, Target } from '../../module.ts';

/** Has connections to other servers. */
export interface Connecting {
  /** Those that wait for a message, and those at work. */
  readonly connections: { readonly idle: number; readonly busy: number };
  /** Gives up what is at work at the deadline (of `monotonicTime`). */
  stop(deadline: number): Promise<void>;
}

/** A target whose connections are counted while it runs. */
export function countedTarget(
  target: Target,
  connecting: Connecting,
  { plan, metrics }: ModuleContext,
): ModuleInstance {
  const name = plan.name ?? plan.module;
  let forget: readonly (() => void)[] = [];
  return {
    target,
    start: async () => {
      forget = (['idle', 'busy'] as const).map((state) =>
        metrics.gauge('maddyc_downstream_connections', { target: name, state }, () => connecting.connections[state]),
      );
    },
    stop: async (deadline) => {
      await connecting.stop(deadline);
      for (const each of forget) each();
    },
  };
}
