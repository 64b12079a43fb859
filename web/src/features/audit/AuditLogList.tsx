import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { AuditLog } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { ListBar } from '@/components/list/ListBar';
import { type FilterField, useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { useSearchState } from '@/hooks/useSearch';
import { contains, equals } from '@/lib/filter';
import { useMe } from '@/lib/session';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { EntryDialog } from './EntryDialog';
import { ExportDialog } from './ExportDialog';
import { methodOf, OUTCOME_KIND, OUTCOMES, outcomeOf } from './entry';

interface Props {
  /** Whose log: a project, or the workspace. */
  parent: string;
  /** The project's title. */
  context?: string;
  mayExport: boolean;
}

/** Who did what, and who was refused. Nobody can change it, so it has no actions. */
export function AuditLogList({ parent, context, mayExport }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const [open, setOpen] = useState<AuditLog | null>(null);
  const list = useList({
    id: 'auditLogs',
    fields: useFields(),
    words: (text) => contains('method', text),
    sort: '-create_time',
  });
  const asked = { parent, filter: list.condition, orderBy: list.orderBy };
  const query = useRpc(
    'AuditLogService/SearchAuditLogs',
    { ...asked, pageSize: PAGE_SIZE, pageToken: list.pageToken },
    { keep: true },
  );
  const columns = useColumns(setOpen);
  return (
    <Page
      title={t('nav.auditLog')}
      context={context}
      purpose={t('audit.purpose')}
      actions={
        mayExport && (
          <Button onClick={() => setSearch({ dialog: 'export' })}>
            <Download aria-hidden="true" />
            {t('audit.export')}
          </Button>
        )
      }
    >
      <ListBar list={list} label={t('audit.search')} columns={columns} />
      <Loaded query={query} doing={t('nav.auditLog')}>
        {({ auditLogs = [], nextPageToken }) =>
          auditLogs.length === 0 ? (
            <NoMatch />
          ) : (
            <>
              <DataTable
                label={t('nav.auditLog')}
                list={list}
                items={auditLogs}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          )
        }
      </Loaded>
      {open && <EntryDialog entry={open} onClose={() => setOpen(null)} />}
      {search.dialog === 'export' && (
        <ExportDialog asked={asked} onClose={() => setSearch({ dialog: undefined })} />
      )}
    </Page>
  );
}

function useFields(): FilterField[] {
  const { t } = useTranslation();
  const me = useMe();
  /** A day of this person's clock. */
  const day = (operator: string) => (value: string) => {
    const time = new Date(`${value}T00:00:00`);
    return Number.isNaN(time.getTime()) ? undefined : `create_time ${operator} "${time.toISOString()}"`;
  };
  return [
    {
      key: 'outcome',
      label: t('audit.outcome'),
      values: OUTCOMES.map((outcome) => ({
        value: outcome.toLowerCase(),
        label: t(`audit.outcomes.${outcome}`),
      })),
      condition: (value) =>
        equals(
          'severity',
          OUTCOMES.find((outcome) => outcome.toLowerCase() === value),
        ),
    },
    {
      key: 'user',
      label: t('audit.who'),
      values: [{ value: 'me', label: t('list.me') }],
      condition: (value) => equals('user', value === 'me' ? me?.name : `users/${value}`),
    },
    { key: 'resource', label: t('audit.what'), condition: (value) => equals('resource', value) },
    { key: 'since', label: t('audit.since'), condition: day('>=') },
    { key: 'until', label: t('audit.until'), condition: day('<') },
  ];
}

function useColumns(onOpen: (entry: AuditLog) => void): Column<AuditLog>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'method',
      label: t('audit.call'),
      className: 'max-w-56 min-w-40 sm:max-w-80',
      cell: (entry) => {
        const { method, service } = methodOf(entry.method);
        return (
          <button
            type="button"
            onClick={() => onOpen(entry)}
            className="block max-w-full truncate rounded-input text-left font-medium hover:text-accent hover:underline"
          >
            {method} <span className="font-normal text-caption text-muted">{service}</span>
          </button>
        );
      },
    },
    {
      key: 'outcome',
      label: t('audit.outcome'),
      cell: (entry) => {
        const outcome = outcomeOf(entry);
        return <Status kind={OUTCOME_KIND[outcome]} label={t(`audit.outcomes.${outcome}`)} />;
      },
    },
    { key: 'user', label: t('audit.who'), cell: ({ user }) => <Actor name={user} /> },
    {
      key: 'resource',
      label: t('audit.what'),
      className: 'max-w-72 truncate font-mono text-small text-muted',
      cell: ({ resource }) => resource,
    },
    {
      key: 'ip',
      label: t('audit.from'),
      className: 'text-muted tabular-nums',
      cell: ({ requestMetadata }) => requestMetadata?.callerIp,
    },
    {
      key: 'time',
      label: t('audit.time'),
      sort: 'create_time',
      className: 'whitespace-nowrap text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
  ];
}

/** A person, a program, or one of the server's own words. */
function Actor({ name = '' }: { name: string | undefined }) {
  const { t } = useTranslation();
  if (name === 'anonymous') return <span className="whitespace-nowrap text-muted">{t('audit.nobody')}</span>;
  return name.includes('/') ? <PersonName name={name} /> : <span>{name}</span>;
}
