import { cloneElement, type ReactElement } from 'react';

interface Props {
  text: string;
  /** An element that passes on what it is given. */
  children: ReactElement;
  side?: 'top' | 'bottom' | 'left' | 'right';
}

/** Extra words on hover and on focus, drawn by the TooltipLayer. Never the only place of a meaning. */
export const Tooltip = ({ text, children, side }: Props) =>
  cloneElement(children, { 'data-tooltip': text, 'data-tooltip-side': side } as object);
