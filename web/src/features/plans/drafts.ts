/** Keys of plan drafts in IndexedDB. */

/** `from`: of a draft that something else has written. */
export const newPlanDraftKey = (project: string, databases: string, from = '') =>
  `new-plan:${project}:${databases}${from && `:${from}`}`;
export const planDraftKey = (plan: string) => `plan:${plan}`;
export const commentDraftKey = (issue: string) => `comment:${issue}`;
