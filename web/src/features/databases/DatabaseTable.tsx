import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Database } from '@/api/types';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EngineIcon } from '@/features/instances/EngineIcon';
import { formatBytes, formatCount } from '@/lib/format';
import { DEFAULT_PROJECT, databaseId, instanceId, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink, TextLink } from '@/ui/AppLink';
import { Checkbox } from '@/ui/Choice';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { BulkBar } from './BulkBar';

interface Props {
  databases: readonly Database[];
  hideInstance?: boolean | undefined;
  hideProject?: boolean | undefined;
}

export function DatabaseTable({ databases, hideInstance, hideProject }: Props) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const selected = databases.filter((db) => picked.has(db.name ?? ''));
  const toggle = (name: string, on: boolean) => {
    const next = new Set(picked);
    if (on) next.add(name);
    else next.delete(name);
    setPicked(next);
  };
  const allOn = selected.length === databases.length;
  return (
    <>
      {selected.length > 0 && <BulkBar databases={selected} onDone={() => setPicked(new Set())} />}
      <Table label={t('nav.databases')}>
        <thead>
          <tr>
            <Th className="w-8">
              <Checkbox
                hideLabel
                label={t('database.selectAll')}
                checked={allOn}
                indeterminate={selected.length > 0 && !allOn}
                onChange={(event) =>
                  setPicked(new Set(event.target.checked ? databases.map((db) => db.name ?? '') : []))
                }
              />
            </Th>
            <Th>{t('database.column.name')}</Th>
            <Th>{t('environment.one')}</Th>
            {!hideInstance && <Th>{t('database.column.instance')}</Th>}
            {!hideProject && <Th>{t('database.column.project')}</Th>}
            <Th numeric>{t('database.column.tables')}</Th>
            <Th numeric>{t('database.column.size')}</Th>
            <Th>{t('database.column.sync')}</Th>
          </tr>
        </thead>
        <tbody>
          {databases.map((db) => {
            const name = db.name ?? '';
            const on = picked.has(name);
            return (
              <Tr key={name} selected={on}>
                <Td>
                  <Checkbox
                    hideLabel
                    label={t('database.select', { name: databaseId(name) })}
                    checked={on}
                    onChange={(event) => toggle(name, event.target.checked)}
                  />
                </Td>
                <Td className="max-w-44 min-w-36 sm:max-w-80 sm:min-w-40">
                  <AppLink
                    to={paths.database(name)}
                    className="flex items-center gap-2 font-medium hover:text-accent hover:underline"
                  >
                    <EngineIcon engine={db.instanceResource?.engine} className="size-5" />
                    <span className="truncate">{databaseId(name)}</span>
                  </AppLink>
                </Td>
                <Td>
                  <EnvironmentBadge name={db.effectiveEnvironment} />
                </Td>
                {!hideInstance && (
                  <Td className="max-w-56 truncate">{db.instanceResource?.title || instanceId(name)}</Td>
                )}
                {!hideProject && (
                  <Td className="whitespace-nowrap">
                    {db.project && db.project !== DEFAULT_PROJECT ? (
                      <TextLink to={paths.project(db.project)}>{projectId(db.project)}</TextLink>
                    ) : (
                      <span className="text-muted">{t('database.unassigned')}</span>
                    )}
                  </Td>
                )}
                <Td numeric>{db.tableCount ? formatCount(db.tableCount) : ''}</Td>
                <Td numeric className="whitespace-nowrap">
                  {db.sizeBytes ? formatBytes(db.sizeBytes) : ''}
                </Td>
                <Td className="whitespace-nowrap text-muted">
                  {db.syncStatus === 'FAILED' ? (
                    <Status kind="syncFailed" />
                  ) : (
                    <RelativeTime value={db.successfulSyncTime} />
                  )}
                </Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
    </>
  );
}
