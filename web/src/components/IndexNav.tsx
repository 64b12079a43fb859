import { cn } from '@/lib/cn';
import { AppLink } from '@/ui/AppLink';
import { NoMatch, SearchBox } from './ListTools';

export interface IndexLink {
  text: string;
  to: string;
  /** It is what stands beside the list. */
  here: boolean;
}

interface Props {
  label: string;
  /** Of the box, whose text stands in the URL as `q`. */
  search: string;
  groups: readonly { title: string; links: readonly IndexLink[] }[];
}

/** What there is to read, in groups that a search narrows, beside what is read. */
export function IndexNav({ label, search, groups }: Props) {
  return (
    <nav aria-label={label} className="flex flex-col gap-2 rounded-card border border-line bg-surface p-3">
      <SearchBox label={search} />
      {groups.length === 0 && <NoMatch clear={{}} />}
      <div className="flex max-h-80 flex-col gap-3 overflow-y-auto lg:max-h-[calc(100dvh-14rem)]">
        {groups.map(({ title, links }) => (
          <div key={title}>
            <h2 className="px-2 py-1 text-caption font-medium text-muted">{title}</h2>
            <ul>
              {links.map(({ text, to, here }) => (
                <li key={to}>
                  <AppLink
                    to={to}
                    aria-current={here ? 'page' : undefined}
                    className={cn(
                      'block rounded-button px-2 py-1 text-small',
                      here ? 'bg-hover font-medium' : 'text-muted hover:bg-hover hover:text-text',
                    )}
                  >
                    {text}
                  </AppLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}
