import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { cn } from '@/lib/cn';
import { Breakable } from '@/ui/Breakable';
import { Boundary } from './Boundary';

interface Props {
  title: string;
  /** Stands between page and product in the window title: the project. */
  context?: string | undefined;
  /** One line on what the page is for. */
  purpose?: ReactNode;
  actions?: ReactNode;
  /** Beside the heading: a state pill, an environment. */
  badge?: ReactNode;
  children: ReactNode;
  width?: 'full' | 'text' | 'form';
}

const WIDTH = { full: '', text: 'max-w-240', form: 'max-w-180' };

/** A page inside the shell: heading, window title, and the focus after a change of page. */
export function Page({ title, context, purpose, actions, badge, children, width = 'full' }: Props) {
  return (
    <div className="mx-auto w-full max-w-360 px-4 py-5 sm:px-6">
      <div className={cn('flex flex-col gap-4', WIDTH[width])}>
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <PageHeading title={title} context={context} />
              {badge}
            </div>
            {purpose && <p className="mt-0.5 max-w-[72ch] text-muted">{purpose}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** The page's only h1. Takes the focus when the path changes, so that screen readers say where one is. */
export function PageHeading({
  title,
  context,
  className = 'text-h1',
}: {
  title: string;
  context?: string | undefined;
  className?: string;
}) {
  const ref = useRef<HTMLHeadingElement>(null);
  const path = useRouterState({ select: (s) => s.location.pathname });
  useEffect(() => {
    document.title = [title, context, 'Basalt'].filter(Boolean).join(' · ');
  }, [title, context]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the path does
  useEffect(() => {
    const active = document.activeElement;
    const typing = active?.matches('input, textarea, [contenteditable="true"], [role="combobox"]');
    if (!typing) ref.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <h1 ref={ref} tabIndex={-1} className={cn('[overflow-wrap:anywhere]', className)}>
      <Breakable text={title} />
    </h1>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  actions,
  children,
  id,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section aria-label={title} id={id} className="flex min-w-0 scroll-mt-44 flex-col gap-2">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h2 className="text-lead">{title}</h2>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      <Boundary name={title}>{children}</Boundary>
    </section>
  );
}
