import { Check } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
}

export function Menu({ trigger, children, align = 'end', defaultOpen }: MenuProps) {
  return (
    <Primitive.Root modal={false} defaultOpen={defaultOpen}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-52 animate-fade overflow-y-auto rounded-card border border-line bg-raised p-1 text-text shadow-overlay"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const ITEM = cn(
  'flex h-8 w-full items-center gap-2 rounded-input px-2 text-body outline-none data-highlighted:bg-hover',
  '[&_svg]:size-4 [&_svg]:shrink-0',
);

interface ItemProps {
  onSelect: () => void;
  icon?: ReactNode;
  danger?: boolean;
  children: ReactNode;
}

export const MenuItem = ({ onSelect, icon, danger, children }: ItemProps) => (
  <Primitive.Item onSelect={onSelect} className={cn(ITEM, danger && 'text-danger')}>
    {icon}
    {children}
  </Primitive.Item>
);

export const MenuSeparator = () => <Primitive.Separator className="my-1 h-px bg-line" />;

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Primitive.Label className="px-2 pt-1.5 pb-1 text-caption text-muted">{children}</Primitive.Label>
);

interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

/** The menu stays open: several may be wanted. */
export const MenuCheckbox = ({ checked, onChange, children }: CheckboxProps) => (
  <Primitive.CheckboxItem
    checked={checked}
    onCheckedChange={onChange}
    onSelect={(event) => event.preventDefault()}
    className={cn(ITEM, 'justify-between gap-6')}
  >
    <span className="truncate">{children}</span>
    <Primitive.ItemIndicator>
      <Check className="text-accent" />
    </Primitive.ItemIndicator>
  </Primitive.CheckboxItem>
);

interface RadioProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
}

export function MenuRadio<T extends string>({ value, onChange, options }: RadioProps<T>) {
  return (
    <Primitive.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={cn(ITEM, 'justify-between')}>
          {option.label}
          <Primitive.ItemIndicator>
            <Check className="text-accent" />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}
