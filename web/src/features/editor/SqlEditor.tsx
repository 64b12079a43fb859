import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import type { SqlEditorProps } from './CodeEditor';

export type { EditorHandle, EditorMark } from './CodeEditor';

/** Who imports this shows an editor: its code (CodeMirror) comes along with what the page asks the server for. */
const code = import('./CodeEditor');
// Told where the editor would show.
code.catch(() => undefined);
const CodeEditor = lazy(() => code);

/** Characters that fill the tallest editor. */
const ENOUGH = 20_000;

/** The SQL editor. */
export function SqlEditor(props: SqlEditorProps) {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<PlainText {...props} />}>
      <CodeEditor {...props} label={props.label || t('plan.sql')} />
    </Suspense>
  );
}

/** The text where and as large as the editor will have it, until its code is there: it is read sooner, and nothing moves. */
function PlainText({
  value,
  readOnly,
  onLine,
  onComment,
  minHeight = '18rem',
  maxHeight = '36rem',
}: SqlEditorProps) {
  const { t } = useTranslation();
  return (
    <div aria-busy="true" className="overflow-hidden rounded-input border border-line-strong">
      <span className="sr-only">{t('state.loading')}</span>
      <pre
        aria-hidden="true"
        className={cn(
          'overflow-hidden bg-bg py-2 pr-0.5 font-mono text-small whitespace-pre-wrap [overflow-wrap:anywhere]',
          onComment ? 'pl-19' : 'pl-14',
        )}
        style={{ minHeight, maxHeight }}
      >
        {value.slice(0, ENOUGH)}
      </pre>
      {(onLine || !readOnly) && (
        <div className="border-t border-line bg-surface">
          <div className="h-7" />
        </div>
      )}
    </div>
  );
}
