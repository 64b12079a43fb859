/** Keys of plan drafts in IndexedDB. */

export const newPlanDraftKey = (project: string, databases: string) => `new-plan:${project}:${databases}`;
export const planDraftKey = (plan: string) => `plan:${plan}`;
export const commentDraftKey = (issue: string) => `comment:${issue}`;
