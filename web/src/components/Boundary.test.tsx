// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { initI18n } from '@/lib/i18n';
import { Boundary } from './Boundary';

afterEach(cleanup);

const state = { broken: true };

function Widget() {
  if (state.broken) throw new Error('no such column');
  return <p>42</p>;
}

it('a widget that throws leaves the rest, says what broke, and can be tried again', async () => {
  await initI18n();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  render(
    <>
      <h2>Page</h2>
      <Boundary name="Sizes">
        <Widget />
      </Boundary>
    </>,
  );
  expect(screen.getByRole('heading', { name: 'Page' })).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('Sizes');
  expect(screen.getByRole('alert').textContent).toContain('no such column');
  state.broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('42')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});
