import { useId } from 'react';
import { cn } from '@/lib/cn';

interface Props<T extends string> {
  legend: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
  disabled?: boolean;
}

/** Two or three views of the same thing (radios). */
export function Segmented<T extends string>({ legend, value, onChange, options, disabled }: Props<T>) {
  const name = useId();
  return (
    <fieldset
      disabled={disabled}
      className="inline-flex max-w-full flex-wrap rounded-button border border-line-strong/60 bg-surface p-0.5"
    >
      <legend className="sr-only">{legend}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            'relative rounded-input px-2.5 py-0.5 text-small has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === value ? 'bg-raised font-medium ring-1 ring-line-strong/60' : 'text-muted',
          )}
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0 disabled:cursor-default"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
