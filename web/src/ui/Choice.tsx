import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { cn } from '@/lib/cn';

interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: string;
  description?: ReactNode;
  /** The label is spoken but not shown (a table's row checkbox). */
  hideLabel?: boolean;
  indeterminate?: boolean;
}

export function Checkbox({
  label,
  description,
  hideLabel,
  indeterminate,
  className,
  ...rest
}: CheckboxProps) {
  const id = useId();
  const setIndeterminate: Ref<HTMLInputElement> = (element) => {
    if (element) element.indeterminate = indeterminate ?? false;
  };
  return (
    <div className={cn('flex items-start gap-2', className)}>
      <input
        {...rest}
        id={id}
        ref={setIndeterminate}
        type="checkbox"
        aria-label={hideLabel ? label : undefined}
        aria-describedby={description ? `${id}-more` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      {!hideLabel && (
        <span className="min-w-0">
          <label htmlFor={id}>{label}</label>
          {description && (
            <span id={`${id}-more`} className="block text-caption text-muted">
              {description}
            </span>
          )}
        </span>
      )}
    </div>
  );
}

export interface Card<T extends string> {
  value: T;
  label: string;
  description?: ReactNode;
  icon?: ReactNode;
}

interface RadioCardsProps<T extends string> {
  legend: string;
  value: T | undefined;
  onChange: (value: T) => void;
  options: readonly Card<T>[];
  className?: string;
  hideLegend?: boolean;
}

/** One of a few, each with words enough to choose by. */
export function RadioCards<T extends string>(props: RadioCardsProps<T>) {
  const { legend, value, onChange, options, className = 'sm:grid-cols-2', hideLegend } = props;
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className={hideLegend ? 'sr-only' : 'mb-1.5 text-small font-medium'}>{legend}</legend>
      <div className={cn('grid gap-2', className)}>
        {options.map((option) => (
          <RadioCard
            key={option.value}
            option={option}
            name={name}
            checked={option.value === value}
            onSelect={() => onChange(option.value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface RadioCardProps<T extends string> {
  option: Card<T>;
  name: string;
  checked: boolean;
  onSelect: () => void;
}

function RadioCard<T extends string>({ option, name, checked, onSelect }: RadioCardProps<T>) {
  const id = useId();
  return (
    <div
      className={cn(
        'relative flex items-start gap-2.5 rounded-card border p-3 transition-colors duration-120',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        checked
          ? 'border-accent bg-surface ring-1 ring-accent'
          : 'border-line bg-raised hover:border-line-strong',
      )}
    >
      <input
        id={id}
        type="radio"
        name={name}
        checked={checked}
        onChange={onSelect}
        aria-describedby={option.description ? `${id}-more` : undefined}
        className="relative z-1 mt-0.5 size-4 shrink-0 accent-accent outline-none"
      />
      {option.icon}
      <span className="min-w-0">
        <label htmlFor={id} className="font-medium after:absolute after:inset-0">
          {option.label}
        </label>
        {option.description && (
          <span id={`${id}-more`} className="mt-0.5 block text-small text-muted">
            {option.description}
          </span>
        )}
      </span>
    </div>
  );
}
