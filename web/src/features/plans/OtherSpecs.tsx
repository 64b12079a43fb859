import { useTranslation } from 'react-i18next';
import type { Plan, PlanSpec } from '@/api/types';
import { instanceId, projectOf, releaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Targets } from './Targets';

/** Changes that are no SQL of the plan's own, and are fixed when it is made: a release, a database to create. */
export function OtherSpecs({ plan }: { plan: Plan }) {
  const specs = (plan.specs ?? []).filter(
    (spec) => spec.createDatabaseConfig || spec.changeDatabaseConfig?.release,
  );
  return specs.map((spec) => <OtherSpec key={spec.id} spec={spec} project={projectOf(plan.name)} />);
}

function OtherSpec({ spec, project }: { spec: PlanSpec; project: string }) {
  const { t } = useTranslation();
  const { createDatabaseConfig: creates, changeDatabaseConfig: changes } = spec;
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line bg-raised px-4 py-3">
      {creates && (
        <p>
          {t('plan.createsDatabase')} <span className="font-mono font-medium">{creates.database}</span>{' '}
          {t('plan.onInstance')}{' '}
          <TextLink to={paths.instance(creates.target ?? '')}>{instanceId(creates.target)}</TextLink>
        </p>
      )}
      {changes?.release && (
        <>
          <p>
            {t('plan.rollsOutRelease')}{' '}
            <TextLink to={paths.release(changes.release)}>{releaseId(changes.release)}</TextLink>
          </p>
          <Targets project={project} targets={changes.targets ?? []} onChange={() => undefined} readOnly />
        </>
      )}
    </div>
  );
}
