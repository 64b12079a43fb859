/** What an emergency run is asked with, and what is said of it afterwards. Pure. */
import type { Emergency, Plan, Stage, Task } from '@/api/types';
import { canRun } from '@/features/rollout/steps';
import { emailOf, environmentId } from '@/lib/names';
import { isEmail } from '@/lib/password';
import { webLink } from '@/lib/url';

/** A blocker that the review of an emergency run clears, wherever that ran. */
export const OVERDUE = 'EMERGENCY_REVIEW_OVERDUE';

/** As the server has it. */
export const FEWEST_PEOPLE = 2;
export const MOST_PEOPLE = 10;

export interface Ask {
  /** Id of the environment. */
  stage: string;
  reason: string;
  incident: string;
  people: string;
  understood: boolean;
}

export type Missing = 'stage' | 'reason' | 'incident' | 'people' | 'understood';

/** Addresses in a text with commas, blanks or lines between. */
export const peopleIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map((email) => emailOf(email).toLowerCase()),
  ),
];

/** @param me whose run it is: nobody tells oneself */
export function missingIn(ask: Ask, me: string, production: boolean): Missing[] {
  const people = peopleIn(ask.people);
  const enough = people.length >= FEWEST_PEOPLE && people.length <= MOST_PEOPLE;
  const missing: Missing[] = [];
  if (!ask.stage) missing.push('stage');
  if (!ask.reason.trim()) missing.push('reason');
  if (!webLink(ask.incident.trim())) missing.push('incident');
  if (!enough || !people.every(isEmail) || people.includes(me)) missing.push('people');
  if (production && !ask.understood) missing.push('understood');
  return missing;
}

/** Stages with something to run; before there is a rollout each environment may be one. */
export const stagesToRun = (
  stages: readonly Stage[],
  environments: readonly string[],
  plan: Plan,
): string[] =>
  plan.hasRollout
    ? stages
        .filter(({ tasks = [] }) => tasks.some(canRun))
        .map(({ environment }) => environmentId(environment) || '-')
    : [...environments];

/** What stands in the way of what would be run, each reason once. */
export function passedOver(stages: readonly Stage[], stage: string): string[] {
  const tasks = stages.find(({ environment }) => environmentId(environment) === stage)?.tasks ?? [];
  return [
    ...new Map(
      tasks
        .filter(canRun)
        .flatMap(({ blockers = [] }) => blockers)
        .map(({ reason, message = '' }) => [reason, message]),
    ).values(),
  ];
}

export const isOpen = ({ state }: Emergency) => state !== 'REVIEWED';
export const isOverdue = ({ state }: Emergency) => state === 'REVIEW_OVERDUE';

/** Overdue ones that ran on a database of the tasks. */
export function holding(emergencies: readonly Emergency[], tasks: readonly Task[]): Emergency[] {
  const targets = new Set(tasks.map(({ target }) => target));
  return emergencies.filter(
    (one) => isOverdue(one) && (one.databases ?? []).some((name) => targets.has(name)),
  );
}
