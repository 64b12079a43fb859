/** Edits of the ordered environment list. Pure; the server gets the whole list. */
import type { Environment } from '@/api/types';
import { slugOf } from '@/lib/names';

/** The list with the item at `from` moved to `to`; unchanged when either is outside. */
export function move<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (from < 0 || to < 0 || from >= next.length || to >= next.length) return next;
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

export type EnvironmentProblem = 'title' | 'duplicate';

/** What is wrong with each environment, by place; undefined where all is well. */
export function problems(list: readonly Environment[]): (EnvironmentProblem | undefined)[] {
  return list.map((item, at) => {
    if (!item.title?.trim() || !item.id) return 'title';
    if (list.some((other, place) => place < at && other.id === item.id)) return 'duplicate';
    return undefined;
  });
}

/** A new environment's id comes from its title; an existing one keeps its id for ever. */
export const retitle = (item: Environment, title: string): Environment =>
  item.name ? { ...item, title } : { ...item, title, id: slugOf(title) };
