import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ApiError, codeOf } from '@/api/error';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { Boundary } from './Boundary';
import { NotFoundBody } from './NotFound';

interface Props<T> {
  query: UseQueryResult<T, ApiError>;
  /** What is loading: "Loading projects". */
  doing: string;
  skeletonRows?: number;
  children: (data: T) => ReactNode;
}

/** One query's four states, and a boundary around what is shown of it. A failed refetch keeps the old data on screen with the error above it. */
export function Loaded<T>({ query, doing, skeletonRows, children }: Props<T>) {
  const { data, error, refetch, isFetching } = query;
  if (error && codeOf(error) === 'not_found') return <NotFoundBody />;
  if (data === undefined && error)
    return <ErrorPanel error={error} doing={doing} onRetry={() => refetch()} />;
  if (data === undefined) return <Skeleton rows={skeletonRows} />;
  return (
    <div className="contents" aria-busy={isFetching || undefined}>
      {error && <ErrorPanel error={error} doing={doing} onRetry={() => refetch()} />}
      <Boundary name={doing}>
        <Content data={data}>{children}</Content>
      </Boundary>
    </div>
  );
}

/** Of its own, so that what goes wrong in it is caught around it. */
const Content = <T,>({ data, children }: { data: T; children: (data: T) => ReactNode }) => children(data);
