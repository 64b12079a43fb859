import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { SqlWorkbench } from '@/features/query/SqlWorkbench';
import { sheetStore, useSheets } from '@/features/query/sheets/store';
import { useSheetUrl } from '@/features/query/useSheetUrl';
import { useMe } from '@/lib/session';
import { Skeleton } from '@/ui/States';

/** The SQL editor: reading databases. Fills the window; its panes scroll, the page does not. */
export default function SqlEditorPage() {
  const { t } = useTranslation();
  const me = useMe()?.name;
  const sheets = useSheets();
  const show = useSheetUrl(sheets);
  useEffect(() => {
    if (me) void sheetStore.load(me);
  }, [me]);
  const active = sheets?.open.find(({ id }) => id === sheets.active);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{t('nav.sqlEditor')}</h1>
      {sheets && active ? (
        <SqlWorkbench sheets={sheets} sheet={active} onShow={show} />
      ) : (
        <Skeleton className="p-4" rows={8} />
      )}
    </div>
  );
}
