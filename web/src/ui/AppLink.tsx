import { Link } from '@tanstack/react-router';
import type { ReactNode, Ref } from 'react';

interface Props {
  /** A URL from lib/paths.ts. */
  to: string;
  className?: string;
  children?: ReactNode;
  title?: string;
  'aria-label'?: string;
  'aria-current'?: 'page' | 'true';
  onClick?: () => void;
  ref?: Ref<HTMLAnchorElement>;
  /** For a link to another part of the same page. */
  keepScroll?: boolean;
}

/** A link inside the console. Takes whole URLs, so that lib/paths.ts stays the only place that knows them. */
export function AppLink({ to, keepScroll, ...rest }: Props) {
  const url = new URL(to, window.location.origin);
  return (
    <Link
      to={url.pathname as never}
      search={Object.fromEntries(url.searchParams) as never}
      hash={url.hash.slice(1) || undefined}
      preload="intent"
      resetScroll={!keepScroll}
      activeProps={{}}
      {...rest}
    />
  );
}

/** A link in running text or a table cell. */
export function TextLink({ className = '', ...rest }: Props) {
  return <AppLink {...rest} className={`text-accent hover:underline underline-offset-2 ${className}`} />;
}
