import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** A line of a change as the URL's hash names it: `#change-2-L20`. */
export interface LineLink {
  /** From 0. */
  place: number;
  /** From 1. */
  line: number;
}

export function readLineLink(hash: string): LineLink | undefined {
  const [, number, line] = /^change-(\d{1,4})-L(\d{1,8})$/.exec(hash) ?? [];
  return number && line && number !== '0' && line !== '0'
    ? { place: Number(number) - 1, line: Number(line) }
    : undefined;
}

/** The line that the URL names, and what makes it name another. */
export function useLineLink(): [LineLink | undefined, (link: LineLink) => void] {
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const link = useCallback(
    ({ place, line }: LineLink) => {
      navigate({
        to: '.',
        search: ((old: object) => old) as never,
        hash: `change-${place + 1}-L${line}`,
        replace: true,
        resetScroll: false,
        hashScrollIntoView: false,
      });
    },
    [navigate],
  );
  return [readLineLink(hash), link];
}
