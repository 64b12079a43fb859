import { lazy, Suspense, useCallback, useEffect, useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { codeOf, isApiError, readGrantors } from '@/api/error';
import { useRpc } from '@/api/query';
import type { Database } from '@/api/types';
import { useAccess } from '@/features/access/access';
import { Forbidden } from '@/features/access/Forbidden';
import { namesOf } from '@/features/editor/completion';
import { toHex, useEnvironment, visibleOn } from '@/features/environments/environments';
import { useStored } from '@/hooks/useStored';
import { DEFAULT_PROJECT, databaseId, projectOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { useIsDark } from '@/lib/theme';
import { ButtonLink } from '@/ui/Button';
import { Splitter } from '@/ui/Splitter';
import { EmptyState, ErrorPanel, Notice, Skeleton } from '@/ui/States';
import { toast } from '@/ui/toast';
import type { QueryEditorHandle, TextToRun } from './editor/QueryEditor';
import { ResultPanel } from './panel/ResultPanel';
import { marksOf } from './run/place';
import { dropRun, startRun, useRun } from './run/runs';
import { SidePanel } from './SidePanel';
import { useMetadata } from './schema/SchemaTree';
import { treeOf } from './schema/tree';
import { SheetTabs, useSheetTitle } from './sheets/SheetTabs';
import type { Sheet, Sheets } from './sheets/sheet';
import { sheetStore } from './sheets/store';
import { Toolbar } from './Toolbar';

const QueryEditor = lazy(() => import('./editor/QueryEditor'));

/** Needed to see what is in a database. */
const MAY_SEE = 'bb.databases.getSchema';
/** A database was just chosen: what comes next is typing. */
let focusNext = false;
/** Height of what the editor shows below its text. */
const FOOT = 29;
const EDITOR = { first: 220, min: 80, max: 640 };

interface Props {
  sheets: Sheets;
  sheet: Sheet;
  /** Makes a sheet the active one, in the URL as well. */
  onShow: (sheet: Sheet) => void;
}

/** Sheets with their editor and results, and what is beside them. */
export function SqlWorkbench({ sheets, sheet, onShow }: Props) {
  const { t } = useTranslation();
  const titleOf = useSheetTitle();
  const title = titleOf(sheet);
  const panel = useId();
  const [height, setHeight] = useStored('sqlEditor.height', EDITOR.first);
  const editor = useRef<QueryEditorHandle>(null);
  const run = useRun(sheet.id);
  const found = useRpc(
    'DatabaseService/GetDatabase',
    { name: sheet.database },
    { topics: [sheet.database], enabled: sheet.database !== '' },
  );
  const database = sheet.database ? found.data : undefined;
  const engine = database?.instanceResource?.engine;
  const may = useAccess(sheet.project, sheet.project ? MAY_SEE : undefined).data?.may(MAY_SEE) ?? false;
  const metadata = useMetadata(database && may ? sheet.database : '').data;
  const tree = useMemo(() => (metadata ? treeOf(metadata) : undefined), [metadata]);
  const names = useMemo(() => {
    const found = metadata && namesOf(metadata);
    return found && sheet.schema ? { ...found, defaultSchema: sheet.schema } : found;
  }, [metadata, sheet.schema]);
  const schemas = tree?.schemas.map(({ name }) => name).filter(Boolean) ?? [];
  useEffect(() => {
    document.title = [title, databaseId(sheet.database), t('nav.sqlEditor'), 'Basalt']
      .filter(Boolean)
      .join(' · ');
  }, [title, sheet.database, t]);

  // Once a page and its editor are there, and not before.
  useEffect(() => {
    const timer = setTimeout(() => {
      focusNext = false;
    }, 2_000);
    return () => clearTimeout(timer);
  });

  const send = (what: TextToRun | undefined) => {
    if (!sheet.database) toast({ text: t('sqlEditor.chooseFirst'), tone: 'danger' });
    else if (!what) toast({ text: t('sqlEditor.nothingToRun'), tone: 'danger' });
    else {
      const { schema, limit } = sheet;
      sheetStore.change(sheet.id, { dirty: false });
      void startRun(sheet.id, { database: sheet.database, project: sheet.project, schema, limit, ...what });
    }
  };
  const runOne = () => send(editor.current?.toRun() ?? editor.current?.all());
  const runAll = () => send(editor.current?.all());
  const retry = () => run && void startRun(sheet.id, run.asked);
  const open = (given: Partial<Sheet>) => {
    const { database: name, project, limit, schema } = sheet;
    const made = sheetStore.open({ database: name, project, limit, schema, ...given });
    if (made) onShow(made);
    return made;
  };
  const showRows = (name: string) => {
    const text = `SELECT * FROM ${name};`;
    const made = open({ text, title: name });
    if (!made) return;
    const { schema, limit, project } = made;
    void startRun(made.id, { database: made.database, project, schema, limit, text, line: 1, column: 1 });
  };
  const choose = (next: Database) => {
    const chosen = { database: next.name ?? '', project: next.project ?? DEFAULT_PROJECT, schema: '' };
    sheetStore.change(sheet.id, chosen);
    // Another project is another page: its editor, not this one, is to have the focus.
    focusNext = true;
    onShow({ ...sheet, ...chosen });
    editor.current?.focus();
  };
  const close = (gone: Sheet) => {
    dropRun(gone.id);
    sheetStore.close(gone.id);
    const now = sheetStore.get();
    const next = now?.open.find(({ id }) => id === now.active);
    if (next && gone.id === sheet.id) onShow(next);
  };
  const marks = useMemo(() => (sheet.dirty ? [] : marksOf(run)), [run, sheet.dirty]);
  const change = useCallback(
    (text: string) => {
      if (sheetStore.find(sheet.id)?.text !== text) sheetStore.change(sheet.id, { text, dirty: true });
    },
    [sheet.id],
  );
  return (
    <div className="flex min-h-0 flex-1 max-lg:flex-col">
      <SidePanel
        project={sheet.project}
        database={database ? sheet.database : ''}
        engine={engine}
        onInsert={(text) => editor.current?.insert(text)}
        onShowRows={showRows}
        onOpen={({ statement = '', database: of = sheet.database, schema = '', name }) =>
          open({ text: statement, database: of, project: projectOf(name) || sheet.project, schema })
        }
      />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <EnvironmentEdge name={database?.effectiveEnvironment} />
        <Toolbar
          sheet={sheet}
          database={database}
          schemas={schemas}
          onDatabase={choose}
          onChange={(patch) => sheetStore.change(sheet.id, patch)}
          onRun={runOne}
          onRunAll={runAll}
        />
        <SheetTabs
          sheets={sheets}
          environment={database?.effectiveEnvironment}
          panel={panel}
          onActivate={onShow}
          onClose={close}
          onRename={({ id }, next) => sheetStore.change(id, { title: next })}
          onNew={() => open({ schema: sheet.schema })}
          onReopen={() => {
            const again = sheetStore.reopen();
            if (again) onShow(again);
          }}
        />
        <div id={panel} role="tabpanel" aria-label={title} className="flex min-h-0 flex-1 flex-col">
          <div className="shrink-0 [&>div]:rounded-none! [&>div]:border-0!" style={{ height }}>
            <Suspense fallback={<Skeleton rows={4} className="p-3" />}>
              <QueryEditor
                key={sheet.id}
                handle={editor}
                value={sheet.text}
                onChange={change}
                label={t('plan.sql')}
                engine={engine}
                marks={marks}
                minHeight={`${height - FOOT}px`}
                maxHeight={`${height - FOOT}px`}
                onRun={runOne}
                onRunAll={runAll}
                names={names}
                autoFocus={focusNext}
              />
            </Suspense>
          </div>
          <Splitter
            label={t('sqlEditor.editorHeight')}
            value={height}
            min={EDITOR.min}
            max={EDITOR.max}
            onChange={setHeight}
          />
          <DatabaseGate sheet={sheet} error={found.error ?? undefined} onRetry={() => found.refetch()}>
            <ResultPanel
              sheet={sheet.id}
              run={run}
              database={sheet.database}
              engine={engine}
              onGoToLine={(line) => editor.current?.goToLine(line)}
              onRetry={() => retry()}
            />
          </DatabaseGate>
        </div>
      </div>
    </div>
  );
}

/** The colour of the environment along the top: production is seen before anything is read. */
function EnvironmentEdge({ name }: { name: string | undefined }) {
  const hex = toHex(useEnvironment(name)?.color);
  const dark = useIsDark();
  return (
    <div
      aria-hidden="true"
      className="h-1 shrink-0 bg-line"
      style={hex ? { backgroundColor: visibleOn(hex, dark) } : undefined}
    />
  );
}

interface GateProps {
  sheet: Sheet;
  error: Error | undefined;
  onRetry: () => void;
  children: React.ReactNode;
}

/** In place of results, while there is no database to ask. What is typed stays. */
function DatabaseGate({ sheet, error, onRetry, children }: GateProps) {
  const { t } = useTranslation();
  if (!sheet.database) {
    return (
      <div className="overflow-y-auto p-4">
        <EmptyState
          title={t('sqlEditor.connect')}
          action={<ButtonLink to={paths.databases()}>{t('sqlEditor.seeDatabases')}</ButtonLink>}
        >
          {t('sqlEditor.connectText')}
        </EmptyState>
      </div>
    );
  }
  if (!isApiError(error)) return children;
  if (error.denied) {
    return (
      <div className="overflow-y-auto p-4">
        <Forbidden
          permission={error.denied.permissions.join(', ')}
          resource={error.denied.resources.join(', ') || sheet.database}
          grantors={readGrantors(error.metadata.grantors)}
        />
      </div>
    );
  }
  return (
    <div className="overflow-y-auto p-4">
      {codeOf(error) === 'not_found' ? (
        <Notice
          tone="warning"
          role="alert"
          title={t('sqlEditor.gone', { database: databaseId(sheet.database) })}
        >
          {t('sqlEditor.goneText')}
        </Notice>
      ) : (
        <ErrorPanel error={error} doing={t('sqlEditor.database')} onRetry={onRetry} />
      )}
    </div>
  );
}
