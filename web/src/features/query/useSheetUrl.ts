/**
 * The URL names the database of the active sheet. Following a link to a database opens a sheet for it; choosing a sheet
 * or a database moves the URL. `?history=` opens a statement that was run before.
 */
import { useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { call } from '@/api/client';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';
import { toast } from '@/ui/toast';
import { isBlank, type Sheet, type Sheets } from './sheets/sheet';
import { sheetStore } from './sheets/store';

export function useSheetUrl(sheets: Sheets | undefined): (sheet: Sheet) => void {
  const params = useParams({ strict: false }) as { project?: string; instance?: string; database?: string };
  const [search, setSearch] = useSearchState();
  const go = useGo();
  const database = params.database ? `instances/${params.instance}/databases/${params.database}` : '';
  const project = params.project ? `projects/${params.project}` : '';
  const { panel, history } = search;
  const ready = sheets !== undefined;
  const shown = useRef(panel);
  shown.current = panel;

  const show = (sheet: Sheet) => {
    sheetStore.activate(sheet.id);
    void go(paths.sqlEditor(sheet.project, sheet.database, shown.current), { replace: true });
  };
  const latest = useRef(show);
  latest.current = show;

  useEffect(() => {
    const now = sheetStore.get();
    if (!ready || !now) return;
    const active = now.open.find(({ id }) => id === now.active);
    if (!active || active.database === database) return;
    if (!database) {
      latest.current(active);
      return;
    }
    const known = now.open.find((sheet) => sheet.database === database);
    if (known) sheetStore.activate(known.id);
    else if (isBlank(active) && !active.database) sheetStore.change(active.id, { database, project });
    else sheetStore.open({ database, project });
  }, [ready, database, project]);

  useEffect(() => {
    if (!ready || !history) return;
    setSearch({ history: undefined });
    call('QueryHistoryService/GetQueryHistory', { name: `${project}/queryHistories/${history}` }).then(
      ({ statement = '', database: of = database, schema = '' }) =>
        sheetStore.open({ text: statement, database: of, project, schema }),
      (error: Error) => toast({ text: error.message, tone: 'danger' }),
    );
  }, [ready, history, project, database, setSearch]);

  return show;
}
