import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { controlClass, Field } from '@/ui/Field';
import { Segmented } from '@/ui/Segmented';
import { Notice } from '@/ui/States';
import { ConditionBuilder } from './ConditionBuilder';
import { type ConditionField, type ConditionProblem, caretOf, clausesOf } from './fields';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  fields: readonly ConditionField[];
  problem?: ConditionProblem | undefined;
  /** What an empty builder means: "Every change". */
  always: string;
}

/** A condition, put together from comparisons or written by hand. Both are the same text. */
export function ConditionInput({ label, value, onChange, fields, problem, always }: Props) {
  const { t } = useTranslation();
  const simple = clausesOf(value, fields) !== undefined || value === '';
  const [mode, setMode] = useState<'builder' | 'cel'>(simple ? 'builder' : 'cel');
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="float-left w-full text-small font-medium">
        <span className="flex flex-wrap items-center justify-between gap-2">
          {label}
          <Segmented
            legend={t('condition.how', { label })}
            value={mode}
            onChange={setMode}
            options={[
              { value: 'builder', label: t('condition.builder') },
              { value: 'cel', label: t('condition.cel') },
            ]}
          />
        </span>
      </legend>
      {mode === 'cel' ? (
        <CelField label={label} value={value} onChange={onChange} fields={fields} problem={problem} />
      ) : simple ? (
        <>
          <ConditionBuilder value={value} onChange={onChange} fields={fields} always={always} />
          {problem && (
            <p role="alert" className="text-small text-danger">
              {problem.text}
            </p>
          )}
        </>
      ) : (
        <Notice
          actions={
            <Button size="sm" onClick={() => setMode('cel')}>
              {t('condition.editText')}
            </Button>
          }
        >
          {t('condition.notSimple')}
        </Notice>
      )}
    </fieldset>
  );
}

function CelField({ label, value, onChange, fields, problem }: Omit<Props, 'always'>) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  /** Puts a name where the cursor is. */
  const insert = (name: string) => {
    const { selectionStart = value.length, selectionEnd = value.length } = area.current ?? {};
    onChange(value.slice(0, selectionStart) + name + value.slice(selectionEnd));
    const at = selectionStart + name.length;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  };
  return (
    <>
      <Field label={t('condition.expression')} error={problem?.text}>
        {({ id: control, describedBy, invalid }) => (
          <textarea
            ref={area}
            rows={3}
            spellCheck={false}
            id={control}
            value={value}
            aria-label={`${label}: ${t('condition.expression')}`}
            aria-describedby={[describedBy, problem?.offset === undefined ? '' : id]
              .filter(Boolean)
              .join(' ')}
            aria-invalid={invalid}
            onChange={(event) => onChange(event.target.value)}
            className={`${controlClass(problem)} min-h-16 py-1.5 font-mono text-small`}
          />
        )}
      </Field>
      {problem?.offset !== undefined && (
        <div className="flex flex-wrap items-start gap-2">
          <Caret id={id} value={value} offset={problem.offset} />
          <Button
            size="sm"
            onClick={() => {
              area.current?.focus();
              area.current?.setSelectionRange(problem.offset ?? 0, problem.offset ?? 0);
            }}
          >
            {t('condition.goTo')}
          </Button>
        </div>
      )}
      <details className="text-small">
        <summary className="cursor-pointer text-muted">{t('condition.variables')}</summary>
        <ul aria-label={t('condition.variables')} className="mt-1 grid gap-x-4 gap-y-1 sm:grid-cols-2">
          {fields.map((field) => (
            <li key={field.name} className="min-w-0">
              <button
                type="button"
                aria-label={t('condition.insert', { name: field.name })}
                onClick={() => insert(field.name)}
                className="rounded-input px-1 font-mono text-caption text-accent [overflow-wrap:anywhere] hover:bg-hover"
              >
                {field.name}
              </button>{' '}
              <span className="text-caption text-muted">
                {t(`condition.type.${field.type}`)} · {field.text}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** The line of the mistake, with a mark under its place. */
function Caret({ id, value, offset }: { id: string; value: string; offset: number }) {
  const { t } = useTranslation();
  const { line, before } = caretOf(value, offset);
  return (
    <div id={id} className="min-w-0 flex-1">
      <pre className="overflow-x-auto rounded-input bg-surface px-2 py-1 font-mono text-caption">
        {line}
        {'\n'}
        {before}
        <span className="font-semibold text-danger">^</span>
      </pre>
      <p className="text-caption text-muted">{t('condition.column', { column: before.length + 1 })}</p>
    </div>
  );
}
