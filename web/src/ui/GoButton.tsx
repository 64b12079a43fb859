import type { ReactNode } from 'react';
import { useGo } from '@/hooks/useGo';
import { Button, type ButtonTone } from './Button';

/** A button that begins something on another page ("New instance"). Plain navigation is a link. */
export function GoButton({
  to,
  tone = 'primary',
  children,
}: {
  to: string;
  tone?: ButtonTone;
  children: ReactNode;
}) {
  const go = useGo();
  return (
    <Button tone={tone} onClick={() => go(to)}>
      {children}
    </Button>
  );
}
