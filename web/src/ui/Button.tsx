import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cn } from '@/lib/cn';
import { AppLink } from './AppLink';
import { RunningArc } from './RunningArc';
import { Tooltip } from './Tooltip';

export type ButtonTone = 'primary' | 'secondary' | 'ghost' | 'danger';
type Size = 'sm' | 'md';

const TONE: Record<ButtonTone, string> = {
  primary: 'bg-accent text-accent-fg hover:bg-accent-hover border-transparent',
  secondary: 'bg-raised text-text border-line-strong/60 hover:bg-hover',
  ghost: 'bg-transparent text-text border-transparent hover:bg-hover',
  danger: 'bg-danger text-bg hover:bg-danger-hover border-transparent',
};
const SIZE: Record<Size, string> = { sm: 'h-7 px-2.5 text-small', md: 'h-8 px-3 text-body' };

export const buttonClass = (tone: ButtonTone = 'secondary', size: Size = 'md') =>
  cn(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-button border font-medium whitespace-nowrap',
    'transition-colors duration-120 select-none [&_svg]:size-4 [&_svg]:shrink-0',
    'aria-pressed:border-accent aria-pressed:bg-accent/10 aria-pressed:text-accent',
    TONE[tone],
    SIZE[size],
  );

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: ButtonTone;
  size?: Size;
  /** Shows work in progress and ignores further presses; the button keeps its place and its focus. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone, size, busy, className, children, onClick, ref, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      ref={ref}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      className={cn(buttonClass(tone, size), busy && 'opacity-70', className)}
    >
      {busy && <RunningArc />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** Accessible name and tooltip. */
  label: string;
  children: ReactNode;
}

export function IconButton({ label, tone = 'ghost', size, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <Button
        {...rest}
        tone={tone}
        aria-label={label}
        className={cn('px-0!', size === 'sm' ? 'size-7' : 'size-8', className)}
      >
        {children}
      </Button>
    </Tooltip>
  );
}

interface ButtonLinkProps {
  to: string;
  tone?: ButtonTone;
  size?: Size;
  className?: string;
  children: ReactNode;
}

export function ButtonLink({ to, tone, size, className, children }: ButtonLinkProps) {
  return (
    <AppLink to={to} className={cn(buttonClass(tone, size), className)}>
      {children}
    </AppLink>
  );
}
