import { useRpc } from '@/api/query';

const LIMIT = 200;

/** What was said about an issue and what happened to it, in order. Asks nothing without one. */
export const useComments = (issue: string | undefined) =>
  useRpc(
    'IssueService/ListIssueComments',
    { parent: issue, pageSize: LIMIT },
    { topics: [issue ?? ''], enabled: Boolean(issue) },
  );
