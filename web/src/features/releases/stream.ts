/** What versions are counted in: a repository, a category, or what is left of a project. Pure. */
export interface Stream {
  /** `every`: a version that counts in all of them. */
  kind: 'repository' | 'category' | 'project' | 'every';
  /** Of the repository or the category. */
  name: string;
}

export function streamOf(text: string | undefined): Stream {
  const [, , kind, ...rest] = (text ?? '').split('/');
  const name = rest.join('/');
  if (kind === 'repositories') return { kind: 'repository', name };
  if (kind === 'categories') return { kind: 'category', name };
  return { kind: text ? 'project' : 'every', name: '' };
}

/** Things of each stream together, in the order in which the streams first appear. */
export function byStream<T extends { stream?: string | undefined }>(items: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const stream = item.stream ?? '';
    groups.set(stream, [...(groups.get(stream) ?? []), item]);
  }
  return [...groups];
}
