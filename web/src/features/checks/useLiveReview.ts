import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import type { Response } from '@/api/methods';
import { useRpc } from '@/api/query';
import type { Database } from '@/api/types';
import { useProjectAccess } from '@/features/access/access';
import { useDebounced } from '@/hooks/useDebounced';
import type { Finding } from './findings';
import { liveFindings } from './live';

/** Longer SQL is left to the checks of the plan. */
const MOST = 64 * 1024;
const PAUSE_MS = 500;
const NONE: readonly Finding[] = [];

interface Subject {
  project: string;
  change: string;
  database: string | undefined;
  engine: NonNullable<Database['instanceResource']>['engine'];
  statement: string;
  wanted: boolean;
}

/**
 * What the review finds in SQL while it is written, by the rules in force on its database. Undefined while nobody has
 * said anything about this text; what is said of an older one is not shown on a newer.
 */
export function useLiveReview(subject: Subject): readonly Finding[] | undefined {
  const { project, change, database = '', engine, statement, wanted } = subject;
  const may = useProjectAccess(project).data?.may('bb.databases.getSchema') ?? false;
  const settled = useDebounced(statement, PAUSE_MS);
  const ready = wanted && may && database !== '' && engine !== undefined;
  // An engine without rules cannot be reviewed: it is not asked to be.
  const rules = useRpc('ReviewService/ListRules', { engine }, { enabled: ready, staleTime: 600_000 });
  const asked =
    ready && Boolean(rules.data?.rules?.length) && settled.length <= MOST && settled.trim() !== '';
  const { data } = useQuery<Response<'ReviewService/TryReview'>, ApiError>({
    queryKey: ['review', database, settled],
    queryFn: ({ signal }) => call('ReviewService/TryReview', { database, statement: settled }, { signal }),
    enabled: asked,
    staleTime: 60_000,
    gcTime: 10_000,
    // The checks of the plan say what is wrong; this only says it earlier.
    retry: false,
  });
  const last = useRef<{ answer: typeof data; found: readonly Finding[] }>({ answer: undefined, found: NONE });
  if (!wanted || statement.trim() === '') return statement.trim() === '' ? NONE : undefined;
  if (!asked || !data) return undefined;
  if (settled !== statement) return undefined;
  if (last.current.answer !== data)
    last.current = { answer: data, found: liveFindings(data, change, database) };
  return last.current.found;
}
