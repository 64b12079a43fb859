import { newChange, type PlanText } from '@/features/plans/changes';
import { newPlanDraftKey } from '@/features/plans/drafts';
import { writeDraft } from '@/lib/drafts';
import { newId } from '@/lib/id';
import { paths } from '@/lib/paths';

/** A plan's draft with this SQL for this database, as one of its own: another that is being written stays. */
export async function planFrom(asked: { project: string; database: string; text: string }): Promise<string> {
  const { project, database, text: statement } = asked;
  const from = newId();
  const draft: PlanText = {
    title: '',
    description: '',
    changes: [{ ...newChange([database]), statement }],
  };
  await writeDraft(newPlanDraftKey(project, database, from), draft);
  return paths.newPlan(project, [database], from);
}
