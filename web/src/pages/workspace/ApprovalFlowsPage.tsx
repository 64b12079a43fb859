import { FlaskConical } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { ApprovalRule } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { FALLBACK, rulesOf, SOURCES } from '@/features/approval/flows';
import { presetsOf } from '@/features/approval/presets';
import { RiskSection } from '@/features/approval/RiskSection';
import { Simulator } from '@/features/approval/Simulator';
import { SourceSection } from '@/features/approval/SourceSection';
import { useConditionFieldsOf } from '@/features/approval/useConditionFields';
import { APPROVAL_SETTING, useFlows } from '@/features/approval/useFlows';
import { SidePanel } from '@/features/review/SidePanel';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice } from '@/ui/States';

const TEST = 'test';
const NONE: ApprovalRule[] = [];

/** Who must agree to what: the rules of the workspace, and a try of them. */
export default function ApprovalFlowsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const query = useRpc(
    'SettingService/GetSetting',
    { name: APPROVAL_SETTING },
    { topics: [APPROVAL_SETTING] },
  );
  const open = search.panel === TEST;
  return (
    <Page
      title={t('nav.approvalFlows')}
      purpose={t('approval.purpose')}
      actions={
        <Button
          tone="primary"
          aria-expanded={open}
          onClick={() => setSearch({ panel: open ? undefined : TEST }, { push: !open })}
        >
          <FlaskConical aria-hidden="true" />
          {t('approval.test.title')}
        </Button>
      }
    >
      <Loaded query={query} doing={t('nav.approvalFlows')}>
        {({ value }) => (
          <Flows
            saved={value?.workspaceApproval?.rules ?? NONE}
            testing={open}
            onClose={() => setSearch({ panel: undefined })}
          />
        )}
      </Loaded>
    </Page>
  );
}

interface FlowsProps {
  saved: readonly ApprovalRule[];
  testing: boolean;
  onClose: () => void;
}

function Flows({ saved, testing, onClose }: FlowsProps) {
  const { t } = useTranslation();
  const flows = useFlows(saved, useConditionFieldsOf());
  const { drafts, onAdd } = flows.editing;
  const rules = useMemo(() => rulesOf(drafts), [drafts]);
  const owner = presetsOf(FALLBACK).find(({ key }) => key === 'owner');
  return (
    <div className={cn('grid items-start gap-6', testing && 'xl:grid-cols-[minmax(0,1fr)_32rem]')}>
      <div className="flex min-w-0 max-w-240 flex-col gap-6">
        <Notice title={t('approval.howTitle')}>{t('approval.how')}</Notice>
        {drafts.length === 0 && owner && (
          <Notice
            tone="warning"
            title={t('approval.emptyTitle')}
            actions={
              <Button size="sm" tone="primary" onClick={() => onAdd(owner.make(t))}>
                {t('approval.useDefault')}
              </Button>
            }
          >
            {t('approval.emptyText')}
          </Notice>
        )}
        {SOURCES.map((source) => (
          <SourceSection key={source} source={source} editing={flows.editing} />
        ))}
        <RiskSection />
        {flows.wrong > 0 && (
          <p role="alert" className="text-danger">
            {t('approval.wrong', { count: flows.wrong })}
          </p>
        )}
        {flows.error && <ErrorPanel error={flows.error} doing={t('action.save')} />}
        {flows.dirty && <DirtyBar busy={flows.saving} onSave={flows.save} onDiscard={flows.reset} />}
      </div>
      {testing && (
        <SidePanel title={t('approval.test.title')} onClose={onClose}>
          <Simulator rules={rules} />
        </SidePanel>
      )}
    </div>
  );
}
