/** Where the next run of a task begins: what a person chose, as the server wants it. Pure. */
import type { Request } from '@/api/methods';
import { type Checkpoint, inQuestion } from './progress';

/** `applied` and `notApplied` answer the question that the record leaves open. */
export type Choice = 'checkpoint' | 'start' | 'statement' | 'notApplied' | 'applied';

export interface Answer {
  choice: Choice | undefined;
  /** As typed. */
  statement: string;
}

/** The record is trusted unless it says itself that it does not know. */
export const firstAnswer = (at: Checkpoint | undefined): Answer => ({
  choice: at?.unknown ? undefined : 'checkpoint',
  statement: String((at?.applied ?? 0) + 1),
});

/** The first statement that would run; undefined when the answer names none. */
export function firstToRun(at: Checkpoint, answer: Answer): number | undefined {
  const question = inQuestion(at);
  switch (answer.choice) {
    case 'checkpoint':
      return (at.applied ?? 0) + 1;
    case 'start':
      return 1;
    case 'notApplied':
      return question.first;
    case 'applied':
      return question.last + 1;
    case 'statement': {
      const number = Number(answer.statement);
      const known = at.count ?? 0;
      const fits = Number.isInteger(number) && number >= 1 && (known === 0 || number <= known + 1);
      return fits ? number : undefined;
    }
    default:
      return undefined;
  }
}

/** Whoever departs from the record says why. */
export function needsReason(at: Checkpoint, answer: Answer): boolean {
  if (answer.choice === undefined || answer.choice === 'checkpoint') return false;
  if (at.unknown || answer.choice === 'start') return true;
  return firstToRun(at, answer) !== (at.applied ?? 0) + 1;
}

type Start = Pick<Request<'RolloutService/BatchRunTasks'>, 'resume' | 'resumeStatement'>;

export function startOf(at: Checkpoint | undefined, answer: Answer): Start {
  if (!at || answer.choice === undefined || answer.choice === 'checkpoint') return {};
  if (answer.choice === 'start') return { resume: 'FROM_START' };
  return { resume: 'FROM_STATEMENT', resumeStatement: firstToRun(at, answer) };
}
