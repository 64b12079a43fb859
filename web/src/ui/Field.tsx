import { Eye, EyeOff } from 'lucide-react';
import {
  type InputHTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  className?: string;
}

export const controlClass = (error?: unknown) =>
  cn(
    'w-full rounded-input border bg-bg px-2.5 text-body text-text transition-colors duration-120',
    'disabled:bg-surface disabled:text-muted [&:is(input,textarea):read-only]:bg-surface',
    error ? 'border-danger' : 'border-line-strong hover:border-text/60',
  );

/** Label, control, hint and error, tied together for assistive technology. */
export function Field({
  label,
  hint,
  error,
  optional,
  className,
  children,
}: FieldProps & {
  children: (ids: { id: string; describedBy: string | undefined; invalid: true | undefined }) => ReactNode;
}) {
  const { t } = useTranslation();
  const id = useId();
  const describedBy = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={cn('flex min-w-0 scroll-mt-16 flex-col gap-1', className)}>
      <span className="flex items-baseline gap-1.5">
        <label htmlFor={id} className="text-small font-medium">
          {label}
        </label>
        {optional && <span className="text-caption text-muted">{t('form.optional')}</span>}
      </span>
      {children({ id, describedBy: describedBy || undefined, invalid: error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-small text-danger">
          {error}
        </p>
      )}
      {hint && (
        <div id={`${id}-hint`} className="text-caption text-muted">
          {hint}
        </div>
      )}
    </div>
  );
}

type Native<T> = Omit<T, 'className' | 'children'>;

export interface TextFieldProps extends FieldProps, Native<InputHTMLAttributes<HTMLInputElement>> {
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, error, optional, className, mono, ref, ...rest }: TextFieldProps) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {({ id, describedBy, invalid }) => (
        <input
          autoComplete="off"
          {...rest}
          ref={ref}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          className={cn(controlClass(error), 'h-8', mono && 'font-mono text-small')}
        />
      )}
    </Field>
  );
}

/** A password with a caps-lock hint and a button that shows it. */
export function PasswordField({ hint, ...rest }: TextFieldProps) {
  const { t } = useTranslation();
  const [caps, setCaps] = useState(false);
  const [shown, setShown] = useState(false);
  const watch = (event: KeyboardEvent) => setCaps(event.getModifierState?.('CapsLock') ?? false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <TextField
        {...rest}
        type={shown ? 'text' : 'password'}
        spellCheck={false}
        hint={caps ? t('form.capsLock') : hint}
        onKeyUp={watch}
        onKeyDown={watch}
      />
      <button
        type="button"
        aria-label={
          shown ? t('form.hideValue', { name: rest.label }) : t('form.showValue', { name: rest.label })
        }
        onClick={() => setShown(!shown)}
        className="absolute top-6 right-0.5 grid size-8 place-items-center rounded-button text-muted hover:text-text"
      >
        <Icon className="size-4" aria-hidden="true" />
      </button>
    </div>
  );
}

export interface TextAreaFieldProps extends FieldProps, Native<TextareaHTMLAttributes<HTMLTextAreaElement>> {
  mono?: boolean;
}

export function TextAreaField({
  label,
  hint,
  error,
  optional,
  className,
  mono,
  ...rest
}: TextAreaFieldProps) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {({ id, describedBy, invalid }) => (
        <textarea
          rows={3}
          {...rest}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          className={cn(controlClass(error), 'min-h-16 py-1.5', mono && 'font-mono text-small')}
        />
      )}
    </Field>
  );
}
