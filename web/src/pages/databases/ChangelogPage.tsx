import { useParams } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Changelog } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { SchemaDiff } from '@/features/changelog/SchemaDiff';
import { changelogState } from '@/features/changelog/state';
import { useSearchState } from '@/hooks/useSearch';
import { saveText } from '@/lib/download';
import { databaseId, planOf, taskOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';

export default function ChangelogPage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { instance?: string; database?: string; changelog?: string };
  const database = `instances/${params.instance}/databases/${params.database}`;
  const name = `${database}/changelogs/${params.changelog}`;
  const query = useRpc(
    'ChangelogService/GetChangelog',
    { name, view: 'CHANGELOG_VIEW_FULL' },
    { topics: [name] },
  );
  const data = query.data;
  return (
    <Page
      title={data?.planTitle || (data?.type === 'BASELINE' ? t('changelog.baseline') : t('changelog.one'))}
      context={databaseId(database)}
      badge={data && <Status kind={changelogState(data)} boxed />}
      purpose={
        <>
          <TextLink to={paths.database(database, 'changelog')}>{databaseId(database)}</TextLink>
          {data && <Origin changelog={data} />}
        </>
      }
    >
      <Loaded query={query} doing={t('changelog.one')}>
        {(changelog) => (
          <Body changelog={changelog} database={database} file={`${params.database}-${params.changelog}`} />
        )}
      </Loaded>
    </Page>
  );
}

/** Who, when and why, with links to the plan and the task. */
function Origin({ changelog }: { changelog: Changelog }) {
  const { t } = useTranslation();
  return (
    <>
      {' · '}
      <PersonName name={changelog.creator} />
      {' · '}
      <RelativeTime value={changelog.createTime} />
      {changelog.taskRun && (
        <>
          {' · '}
          <TextLink
            to={paths.plan(planOf(changelog.taskRun), { tab: 'rollout', task: taskOf(changelog.taskRun) })}
          >
            {t('changelog.openPlan')}
          </TextLink>
        </>
      )}
    </>
  );
}

const COMPARE = ['none', 'previous', 'live'] as const;
type Compare = (typeof COMPARE)[number];

function Body({ changelog, file, database }: { changelog: Changelog; file: string; database: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const compare: Compare = COMPARE.find((value) => value === search.compare) ?? 'none';
  const { schema = '', prevSchema = '', statement = '' } = changelog;
  return (
    <>
      {changelog.type !== 'BASELINE' && (
        <Section
          title={t('changelog.statement')}
          actions={
            statement && (
              <Button onClick={() => saveText(`${file}-statement.sql`, statement)}>
                <Download aria-hidden="true" />
                {t('changelog.downloadStatement')}
              </Button>
            )
          }
        >
          {statement ? (
            <CopyBlock text={statement} label={t('changelog.statement')} />
          ) : (
            <EmptyState title={t('changelog.noStatement')} />
          )}
        </Section>
      )}
      <Section
        title={t('changelog.schema')}
        actions={
          <>
            {(['previous', 'live'] as const).map((kind) => (
              <Button
                key={kind}
                onClick={() => setSearch({ compare: compare === kind ? undefined : kind })}
                aria-pressed={compare === kind}
              >
                {t(`changelog.compare.${kind}`)}
              </Button>
            ))}
            <Button onClick={() => saveText(`${file}.sql`, schema)}>
              <Download aria-hidden="true" />
              {t('action.download')}
            </Button>
          </>
        }
      >
        {compare === 'none' && (
          <CopyBlock text={schema || t('changelog.noSchema')} label={t('changelog.schema')} />
        )}
        {compare === 'previous' && <SchemaDiff before={prevSchema} after={schema} />}
        {compare === 'live' && <LiveDiff schema={schema} database={database} />}
      </Section>
    </>
  );
}

/** What happened to the schema since then, by the last sync. */
function LiveDiff({ schema, database }: { schema: string; database: string }) {
  const { t } = useTranslation();
  const live = useRpc(
    'DatabaseService/GetDatabaseSchema',
    { name: `${database}/schema` },
    { topics: [database] },
  );
  return (
    <Loaded query={live} doing={t('changelog.compare.live')} skeletonRows={8}>
      {(now) => <SchemaDiff before={schema} after={now.schema ?? ''} />}
    </Loaded>
  );
}
