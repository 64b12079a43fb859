import { useTranslation } from 'react-i18next';
import type { ApprovalGate } from '@/api/types';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { environmentId } from '@/lib/names';

/** The stage of databases that are in no environment. */
const NOWHERE = 'environments/-';

/** Which stages wait for a gate. */
export function StageNames({ gate }: { gate: ApprovalGate }) {
  const { t } = useTranslation();
  const stages = gate.stages ?? [];
  if (stages.length === 0) return <span className="font-medium">{t('approval.allStages')}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      {stages.map((stage) =>
        stage === NOWHERE ? (
          <span key={stage}>{t('approval.noEnvironment')}</span>
        ) : (
          <EnvironmentBadge key={stage} name={stage} className="text-body! font-medium" />
        ),
      )}
    </span>
  );
}

/** The same as words: "Test, Staging". */
export function useStageWords(): (gate: ApprovalGate) => string {
  const { t } = useTranslation();
  const environments = useEnvironments().data ?? [];
  return ({ stages = [] }) =>
    stages.length === 0
      ? t('approval.allStages')
      : stages
          .map((stage) =>
            stage === NOWHERE
              ? t('approval.noEnvironment')
              : (environmentTitle(
                  environments.find((e) => e.id === environmentId(stage)),
                  stage,
                ) ?? ''),
          )
          .join(', ');
}
