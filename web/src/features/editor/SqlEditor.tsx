import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '@/ui/States';
import type { SqlEditorProps } from './CodeEditor';

export type { EditorHandle, EditorMark } from './CodeEditor';

/** Who imports this shows an editor: its code (CodeMirror) comes along with what the page asks the server for. */
const code = import('./CodeEditor');
// Told where the editor would show.
code.catch(() => undefined);
const CodeEditor = lazy(() => code);

export function SqlEditor(props: SqlEditorProps) {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<Skeleton rows={6} className="rounded-card border border-line p-2" />}>
      <CodeEditor {...props} label={props.label || t('plan.sql')} />
    </Suspense>
  );
}
