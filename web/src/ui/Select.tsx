import { Check, ChevronDown } from 'lucide-react';
import { Select as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { cspNonce } from '@/lib/csp';
import { controlClass, Field } from './Field';

export interface Option {
  value: string;
  label: string;
  icon?: ReactNode;
}

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  className?: string;
  disabled?: boolean;
  /** Shows only the control; the label becomes its accessible name. */
  bare?: boolean;
}

/** One of a short list (role combobox). Radix refuses '' as a value: use a word for "none". */
export function Select({ label, hint, error, optional, className, bare, ...rest }: Props) {
  if (bare) return <Control {...rest} name={label} className={className} error={error} />;
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(ids) => <Control {...rest} {...ids} error={error} />}
    </Field>
  );
}

interface ControlProps
  extends Pick<Props, 'value' | 'onChange' | 'options' | 'placeholder' | 'className' | 'error' | 'disabled'> {
  id?: string;
  describedBy?: string | undefined;
  name?: string;
}

function Control({
  id,
  name,
  describedBy,
  value,
  onChange,
  options,
  placeholder,
  className,
  error,
  disabled,
}: ControlProps) {
  return (
    <Primitive.Root value={value} onValueChange={onChange} disabled={disabled}>
      <Primitive.Trigger
        id={id}
        aria-label={name}
        aria-describedby={describedBy}
        className={cn(
          controlClass(error),
          'flex h-8 items-center justify-between gap-2 text-left disabled:opacity-70',
          className,
        )}
      >
        <span className="truncate">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <Primitive.Icon>
          <ChevronDown className="size-4 text-muted" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-fade overflow-hidden rounded-card border border-line bg-raised shadow-overlay"
        >
          <Primitive.Viewport nonce={cspNonce} className="p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="flex h-8 items-center justify-between gap-6 rounded-input px-2 text-body outline-none data-highlighted:bg-hover"
              >
                <Primitive.ItemText>
                  <span className="inline-flex items-center gap-2">
                    {option.icon}
                    {option.label}
                  </span>
                </Primitive.ItemText>
                <Primitive.ItemIndicator>
                  <Check className="size-4 text-accent" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
