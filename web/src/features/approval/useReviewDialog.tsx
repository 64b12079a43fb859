import { type ReactNode, useState } from 'react';
import type { ApprovalGate, Issue } from '@/api/types';
import { ReviewDialog } from './ReviewDialog';

/** The review dialog of a page. It stays while the page under it changes: what was decided meanwhile is told in it. */
export function useReviewDialog(issue: Issue | undefined): {
  review: (gates: readonly ApprovalGate[]) => void;
  dialog: ReactNode;
} {
  const [asked, setAsked] = useState<readonly ApprovalGate[] | null>(null);
  return {
    review: setAsked,
    dialog: issue && asked && <ReviewDialog issue={issue} gates={asked} onClose={() => setAsked(null)} />,
  };
}
