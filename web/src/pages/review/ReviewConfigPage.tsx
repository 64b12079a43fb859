import { useParams } from '@tanstack/react-router';
import { FlaskConical, Link2, SquareArrowOutUpRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Engine, ReviewConfig } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { WorkspaceNeeds } from '@/features/access/WorkspaceNeeds';
import { NewerDraftNotice } from '@/features/plans/NewerDraftNotice';
import { AttachDialog } from '@/features/review/AttachDialog';
import { ConfigState, LevelCounts } from '@/features/review/ConfigFacts';
import { ConfigMenu } from '@/features/review/ConfigMenu';
import { useAttach, useReviewConfigs } from '@/features/review/configs';
import { Exceptions } from '@/features/review/Exceptions';
import { RuleDocs } from '@/features/review/RuleDocs';
import { RuleList } from '@/features/review/RuleList';
import { SaveBar } from '@/features/review/SaveBar';
import { SidePanel } from '@/features/review/SidePanel';
import { type RuleDoc, useRuleDocs } from '@/features/review/service';
import { TryPanel } from '@/features/review/TryPanel';
import { type ConfigEdit, useConfigEdit } from '@/features/review/useConfigEdit';
import { WhereAttached } from '@/features/review/WhereAttached';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { useMay } from '@/lib/may';
import { paths } from '@/lib/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { ErrorPanel, Notice } from '@/ui/States';
import { toast } from '@/ui/toast';

export default function ReviewConfigPage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { config?: string };
  const name = `reviewConfigs/${params.config}`;
  const query = useRpc('ReviewConfigService/GetReviewConfig', { name }, { topics: [name] });
  const docs = useRuleDocs();
  if (!query.data) {
    return (
      <Page title={params.config ?? ''} context={t('nav.sqlReview')}>
        <Loaded query={query} doing={t('nav.sqlReview')}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <ConfigView key={name} config={query.data} docs={docs} />;
}

interface ViewProps {
  config: ReviewConfig;
  docs: ReturnType<typeof useRuleDocs>;
}

function ConfigView({ config, docs }: ViewProps) {
  const { t } = useTranslation();
  const go = useGo();
  const [search, setSearch] = useSearchState();
  const mayChange = useMay().everywhere('bb.reviewConfigs.update');
  const mayList = useMay().everywhere('bb.reviewConfigs.list');
  const configs = useReviewConfigs(mayList);
  const edit = useConfigEdit(config);
  const panel = search.panel;
  const engine = engineOf(docs.data, search.engine);
  const setPanel = (next: string | undefined) => setSearch({ panel: next }, { push: next !== undefined });
  const doc = docs.data?.find((rule) => rule.type === panel && rule.engine === engine);
  return (
    <Page
      title={config.title ?? ''}
      context={t('nav.sqlReview')}
      badge={<ConfigState config={config} boxed />}
      purpose={<LevelCounts rules={edit.rules} />}
      actions={
        <>
          <Button
            tone="primary"
            aria-expanded={panel === TRY}
            onClick={() => setPanel(panel === TRY ? undefined : TRY)}
          >
            <FlaskConical aria-hidden="true" />
            {t('review.try.title')}
          </Button>
          <ConfigMenu
            config={config}
            configs={configs.data ?? []}
            onDeleted={() => go(paths.reviewConfigs())}
          />
        </>
      }
    >
      <WorkspaceNeeds permission="bb.reviewConfigs.update" title={t('forbidden.readOnly')} />
      <NewerDraftNotice newer={edit.newer} />
      {!config.enabled && <Notice tone="warning">{t('review.disabledText')}</Notice>}
      <div className={cn('grid items-start gap-6', panel && 'xl:grid-cols-[minmax(0,1fr)_32rem]')}>
        <div className="flex min-w-0 flex-col gap-6">
          <General config={config} configs={configs.data ?? []} edit={edit} readOnly={!mayChange} />
          <Section title={t('review.rules')}>
            <Loaded query={docs} doing={t('review.rules')} skeletonRows={12}>
              {(all) => (
                <RuleList
                  config={config.name ?? ''}
                  docs={all}
                  engine={engine}
                  rules={edit.rules}
                  edits={edit.edits}
                  refusals={edit.refusals}
                  readOnly={!mayChange}
                  onEdit={edit.setRule}
                />
              )}
            </Loaded>
          </Section>
          <Exceptions edit={edit} readOnly={!mayChange} />
          <SaveBar edit={edit} />
        </div>
        {panel === TRY && (
          <SidePanel title={t('review.try.title')} onClose={() => setPanel(undefined)}>
            <TryPanel
              engine={engine}
              rules={edit.rules}
              exceptions={edit.exceptions}
              refuseSuppression={edit.refuseSuppression}
            />
          </SidePanel>
        )}
        {doc && (
          <SidePanel
            title={doc.type}
            onClose={() => setPanel(undefined)}
            actions={
              <ButtonLink size="sm" tone="ghost" to={paths.reviewRule(doc.type)}>
                <SquareArrowOutUpRight aria-hidden="true" />
                {t('review.doc.page')}
              </ButtonLink>
            }
          >
            <RuleDocs doc={doc} />
          </SidePanel>
        )}
      </div>
    </Page>
  );
}

const TRY = 'try';

/** The engine of the URL, or the first that has rules. */
function engineOf(docs: readonly RuleDoc[] | undefined, wanted: string | undefined): Engine {
  const engines = (docs ?? []).map(({ engine }) => engine);
  return engines.find((engine) => engine === wanted) ?? engines[0] ?? 'POSTGRES';
}

interface GeneralProps {
  config: ReviewConfig;
  configs: readonly ReviewConfig[];
  edit: ConfigEdit;
  readOnly: boolean;
}

/** Its name, and where it is in force. The latter is done at once, not with the rest. */
function General({ config, configs, edit, readOnly }: GeneralProps) {
  const { t } = useTranslation();
  const [attaching, setAttaching] = useState(false);
  const { attach, error } = useAttach();
  const detach = async (resource: string) => {
    if (await attach([resource], undefined)) {
      toast({
        text: t('review.detached'),
        action: { label: t('action.undo'), run: () => void attach([resource], config) },
      });
    }
  };
  return (
    <Section title={t('settings.general')}>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <TextField
          className="min-w-56 flex-1 basis-64 sm:max-w-96"
          label={t('review.name')}
          readOnly={readOnly}
          value={edit.title}
          onChange={(event) => edit.setTitle(event.target.value)}
          error={edit.error?.field('title') ?? (edit.title.trim() ? undefined : t('review.nameNeeded'))}
        />
        <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
          <h3 className="text-small font-medium">{t('review.attachedTo')}</h3>
          <div className="flex flex-wrap items-center gap-2">
            <WhereAttached resources={config.resources ?? []} onDetach={readOnly ? undefined : detach} />
            {!readOnly && (
              <Button size="sm" onClick={() => setAttaching(true)}>
                <Link2 aria-hidden="true" />
                {t('review.attach')}
              </Button>
            )}
          </div>
        </div>
      </div>
      {error && <ErrorPanel error={error} doing={t('review.attach')} />}
      {attaching && <AttachDialog config={config} configs={configs} onClose={() => setAttaching(false)} />}
    </Section>
  );
}
