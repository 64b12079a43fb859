import type { ReactNode } from 'react';
import { AppLink } from './AppLink';

interface Props {
  to: string;
  name: ReactNode;
  /** Tells it apart from others of the name; left out of dense rows. */
  more?: ReactNode;
  icon?: ReactNode;
}

/** The name of a row: all of it is the link, long ones are cut. */
export const NameLink = ({ to, name, more, icon }: Props) => (
  <AppLink to={to} className="group flex min-w-0 items-center gap-2">
    {icon}
    <span className="min-w-0">
      <span className="block truncate font-medium group-hover:text-accent group-hover:underline">{name}</span>
      {more && (
        <span data-more="" className="block truncate text-caption text-muted">
          {more}
        </span>
      )}
    </span>
  </AppLink>
);
