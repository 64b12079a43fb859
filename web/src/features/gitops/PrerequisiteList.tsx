import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { withGrant } from '@/features/access/grant';
import { memberOf } from '@/features/access/policy';
import { paths } from '@/lib/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Status, type StatusKind } from '@/ui/Status';
import { type Finding, PIPELINE_ROLE } from './prerequisites';
import type { GitOps } from './useGitOps';

const KIND: Record<Finding['state'], StatusKind> = { pass: 'done', fail: 'failed', unknown: 'notStarted' };

/** What must hold, passed or not, and how to mend what does not. */
export function PrerequisiteList({ project, gitops }: { project: string; gitops: GitOps }) {
  const { t } = useTranslation();
  const grant = useCall('ProjectService/SetIamPolicy', { touches: ['ProjectService'] });
  const { policy, answers } = gitops;
  const give = () =>
    policy &&
    grant.mutate({
      resource: project,
      policy: withGrant(policy, {
        member: memberOf(answers.account),
        role: PIPELINE_ROLE,
        scope: '',
        expires: '',
      }),
      etag: policy.etag,
    });
  const mend = ({ key, state, why }: Finding) => {
    if (state !== 'fail') return null;
    if (key === 'url') return <ButtonLink to={paths.settings()}>{t('idp.toSettings')}</ButtonLink>;
    if (key === 'stages')
      return <ButtonLink to={paths.projectDatabases(project)}>{t('nav.databases')}</ButtonLink>;
    if (key === 'account' && why === 'inactive')
      return answers.signIn === 'key' ? (
        <ButtonLink to={paths.projectServiceAccounts(project)}>{t('nav.serviceAccounts')}</ButtonLink>
      ) : (
        <ButtonLink to={paths.projectWorkloadIdentities(project)}>{t('nav.workloadIdentities')}</ButtonLink>
      );
    if (key === 'role' && why === 'wrong' && gitops.mayGrant)
      return (
        <Button busy={grant.isPending} onClick={give}>
          {t('gitops.giveRole')}
        </Button>
      );
    return null;
  };
  return (
    <>
      <ul
        aria-label={t('gitops.prerequisites')}
        className="divide-y divide-line rounded-card border border-line bg-raised"
      >
        {gitops.findings.map((finding) => (
          <li
            key={finding.key}
            className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 px-3 py-2"
          >
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-x-2">
                <Status kind={KIND[finding.state]} label={t(`gitops.state.${finding.state}`)} />
                <span className="font-medium">{t(`gitops.need.${finding.key}`)}</span>
              </p>
              <p className="text-small text-muted [overflow-wrap:anywhere]">
                <Why finding={finding} />
              </p>
            </div>
            {mend(finding)}
          </li>
        ))}
      </ul>
      {grant.error && <ErrorPanel error={grant.error} doing={t('gitops.giveRole')} />}
    </>
  );
}

function Why({ finding: { key, state, why, about } }: { finding: Finding }) {
  const { t } = useTranslation();
  if (state === 'unknown') {
    if (why !== 'first') return t('gitops.roleUnknown');
    return key === 'stages' ? t('gitops.missing.targets') : t('gitops.noAccount');
  }
  if (state === 'pass') return about;
  switch (key) {
    case 'url':
      return why === 'none'
        ? t('gitops.url.none')
        : why === 'local'
          ? t('gitops.url.local', { url: about })
          : t('gitops.url.plain', { url: about });
    case 'stages':
      return t('gitops.noStage', { databases: about });
    case 'account':
      if (why === 'wrong') return t('gitops.otherPlatform', { account: about });
      return why === 'inactive' ? t('gitops.accountInactive', { account: about }) : t('gitops.noAccount');
    case 'role':
      return t('gitops.noRole', { account: about });
    default:
      return why === 'none' ? t(`gitops.missing.${key}`) : t('gitops.mendAbove');
  }
}
