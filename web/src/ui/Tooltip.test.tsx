// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Tooltip } from './Tooltip';
import { TooltipLayer } from './TooltipLayer';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const over = (target: Element) => fireEvent.pointerOver(target, { pointerType: 'mouse' });
const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it('shows after a moment, describes its element, stays under the pointer, and goes with Esc', () => {
  render(
    <>
      <Tooltip text="ann@example.com">
        <button type="button">Ann</button>
      </Tooltip>
      <p>Elsewhere</p>
      <TooltipLayer />
    </>,
  );
  const button = screen.getByRole('button');
  over(button);
  expect(screen.queryByRole('tooltip')).toBeNull();
  wait(400);
  const tooltip = screen.getByRole('tooltip');
  expect(tooltip.textContent).toBe('ann@example.com');
  expect(button.getAttribute('aria-describedby')).toBe(tooltip.id);
  over(screen.getByText('Elsewhere'));
  over(tooltip);
  wait(1000);
  expect(screen.getByRole('tooltip')).toBe(tooltip);
  fireEvent.keyDown(button, { key: 'Escape' });
  expect(screen.queryByRole('tooltip')).toBeNull();
  expect(button.hasAttribute('aria-describedby')).toBe(false);
});

it('the words that are the name already are not read twice', () => {
  render(
    <>
      <Tooltip text="Close">
        <button type="button" aria-label="Close" />
      </Tooltip>
      <TooltipLayer />
    </>,
  );
  over(screen.getByRole('button'));
  wait(400);
  expect(screen.getByRole('tooltip').textContent).toBe('Close');
  expect(screen.getByRole('button').hasAttribute('aria-describedby')).toBe(false);
});
