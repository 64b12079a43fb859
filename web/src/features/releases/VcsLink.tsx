import { ExternalLink } from 'lucide-react';
import type { Release } from '@/api/types';
import { webLink } from '@/lib/url';

/** Where the files come from. Only addresses of the web become links. */
export function VcsLink({ source }: { source: Release['vcsSource'] }) {
  const url = source?.url;
  if (!url) return null;
  const link = webLink(url);
  const text = url.replace(/^https?:\/\//, '');
  if (!link) return <span className="truncate text-muted">{text}</span>;
  return (
    <a
      href={link}
      target="_blank"
      rel="noreferrer"
      className="inline-flex max-w-full items-center gap-1 text-accent hover:underline"
    >
      <span className="truncate">{text}</span>
      <ExternalLink className="size-3.5 shrink-0" aria-hidden="true" />
    </a>
  );
}
