/** Which configuration reviews what, on the pages of environments and of a project's settings. */
import { useTranslation } from 'react-i18next';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { WorkspaceNeeds } from '@/features/access/WorkspaceNeeds';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { useMay } from '@/lib/may';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { inForce, useReviewConfigs } from './configs';
import { ReviewedBy } from './ReviewedBy';

const NEEDED = 'bb.reviewConfigs.list';

/** The configuration of each environment, which counts before that of a project. */
export function EnvironmentReview() {
  const { t } = useTranslation();
  return (
    <Section title={t('nav.sqlReview')}>
      <p className="text-muted">{t('review.environmentText')}</p>
      <WorkspaceNeeds permission={NEEDED}>
        <OfEnvironments />
      </WorkspaceNeeds>
    </Section>
  );
}

function OfEnvironments() {
  const { t } = useTranslation();
  const query = useReviewConfigs();
  const { data: environments = [] } = useEnvironments();
  const readOnly = !useMay().everywhere('bb.reviewConfigs.update');
  return (
    <Loaded query={query} doing={t('nav.sqlReview')} skeletonRows={2}>
      {(configs) => (
        <Table label={t('nav.sqlReview')}>
          <thead>
            <tr>
              <Th>{t('environment.one')}</Th>
              <Th>{t('review.config')}</Th>
            </tr>
          </thead>
          <tbody>
            {environments.map((environment) => {
              const name = `environments/${environment.id}`;
              const title = environmentTitle(environment) ?? '';
              return (
                <Tr key={name}>
                  <Td>
                    <EnvironmentBadge name={name} />
                  </Td>
                  <Td>
                    <ReviewedBy resource={name} title={title} configs={configs} readOnly={readOnly} />
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </Loaded>
  );
}

interface ProjectProps {
  project: string;
  title: string;
}

/** The project's own configuration, and what is in force on its databases in each environment. */
export function ProjectReview(props: ProjectProps) {
  const { t } = useTranslation();
  return (
    <Section title={t('nav.sqlReview')}>
      <p className="text-muted">{t('review.projectText')}</p>
      <WorkspaceNeeds permission={NEEDED}>
        <OfProject {...props} />
      </WorkspaceNeeds>
    </Section>
  );
}

function OfProject({ project, title }: ProjectProps) {
  const { t } = useTranslation();
  const query = useReviewConfigs();
  const { data: environments = [] } = useEnvironments();
  const readOnly = !useMay().everywhere('bb.reviewConfigs.update');
  return (
    <Loaded query={query} doing={t('nav.sqlReview')} skeletonRows={3}>
      {(configs) => (
        <div className="flex flex-col gap-3">
          <ReviewedBy resource={project} title={title} configs={configs} readOnly={readOnly} />
          <Table label={t('review.inForce')}>
            <thead>
              <tr>
                <Th>{t('environment.one')}</Th>
                <Th>{t('review.inForce')}</Th>
              </tr>
            </thead>
            <tbody>
              {environments.map(({ id }) => {
                const name = `environments/${id}`;
                const found = inForce(configs, name, project);
                return (
                  <Tr key={name}>
                    <Td>
                      <EnvironmentBadge name={name} />
                    </Td>
                    <Td>
                      {found ? (
                        <>
                          <TextLink to={paths.reviewConfig(found.config.name ?? '')}>
                            {found.config.title}
                          </TextLink>{' '}
                          <span className="text-muted">{t(`review.by.${found.by}`)}</span>
                        </>
                      ) : (
                        <span className="text-muted">{t('review.builtinOnly')}</span>
                      )}
                    </Td>
                  </Tr>
                );
              })}
            </tbody>
          </Table>
        </div>
      )}
    </Loaded>
  );
}
