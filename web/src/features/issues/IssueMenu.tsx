import { Ellipsis, RotateCcw, XCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Issue } from '@/api/types';
import { projectOf } from '@/lib/names';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { ErrorPanel } from '@/ui/States';

/** Taking a request back, and opening it again. What is done stays done. */
export function IssueMenu({ issue }: { issue: Issue }) {
  const { t } = useTranslation();
  const set = useCall('IssueService/BatchUpdateIssuesStatus', { touches: ['IssueService'] });
  if (issue.status === 'DONE') return null;
  const open = issue.status === 'OPEN';
  return (
    <>
      <Menu
        trigger={
          <IconButton tone="secondary" label={t('action.more')}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem
          icon={open ? <XCircle aria-hidden="true" /> : <RotateCcw aria-hidden="true" />}
          danger={open}
          onSelect={() =>
            set.mutate({
              parent: projectOf(issue.name),
              issues: [issue.name ?? ''],
              status: open ? 'CANCELED' : 'OPEN',
            })
          }
        >
          {t(open ? 'issue.close' : 'issue.reopen')}
        </MenuItem>
      </Menu>
      {set.error && <ErrorPanel error={set.error} doing={t(open ? 'issue.close' : 'issue.reopen')} />}
    </>
  );
}
