import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '@/ui/States';
import type { SqlEditorProps } from './CodeEditor';

export type { EditorHandle, EditorMark } from './CodeEditor';

const CodeEditor = lazy(() => import('./CodeEditor'));

/** The SQL editor; its code (CodeMirror) loads when the first one shows. */
export function SqlEditor(props: SqlEditorProps) {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<Skeleton rows={6} className="rounded-card border border-line p-2" />}>
      <CodeEditor {...props} label={props.label || t('plan.sql')} />
    </Suspense>
  );
}
