import { type Answer, afterwards, isLater } from './later.ts';

/**
 * Runs a machine that asks and is answered. As long as answers are at hand the whole run is synchronous, so what it
 * decides leaves in the same turn of the event loop; an answer that fails is thrown into the machine.
 */
export function drive<Question, Reply, Result>(
  machine: Generator<Question, Result, Reply>,
  answer: (question: Question) => Answer<Reply>,
): Answer<Result> {
  return proceed(machine, answer, () => machine.next());
}

/** As `drive`, for a driver that has every answer at hand. */
export function driveNow<Question, Reply, Result>(
  machine: Generator<Question, Result, Reply>,
  answer: (question: Question) => Reply,
): Result {
  let step = machine.next();
  while (!step.done) step = machine.next(answer(step.value));
  return step.value;
}

function proceed<Question, Reply, Result>(
  machine: Generator<Question, Result, Reply>,
  answer: (question: Question) => Answer<Reply>,
  begin: () => IteratorResult<Question, Result>,
): Answer<Result> {
  let step = begin();
  while (!step.done) {
    let given: Answer<Reply>;
    try {
      given = answer(step.value);
    } catch (error) {
      step = machine.throw(error);
      continue;
    }
    if (isLater(given)) {
      return afterwards(
        given,
        (reply) => proceed(machine, answer, () => machine.next(reply)),
        (error) => proceed(machine, answer, () => machine.throw(error)),
      );
    }
    step = machine.next(given);
  }
  return step.value;
}
