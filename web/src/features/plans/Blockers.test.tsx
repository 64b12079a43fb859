// @vitest-environment jsdom
import { fireEvent, render, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeAll, expect, it, vi } from 'vitest';
import { initI18n } from '@/lib/i18n';
import { Blockers } from './Blockers';
import type { PlanBlocker } from './changes';

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  return initI18n();
});

function Page({ onGo }: { onGo: (blocker: PlanBlocker) => void }) {
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const blockers: PlanBlocker[] = title ? [] : ['title'];
  return (
    <>
      <input aria-label="Title" value={title} onChange={(event) => setTitle(event.target.value)} />
      <Blockers
        open={open}
        onOpenChange={setOpen}
        title="Before you can create this plan"
        blockers={blockers}
        onGo={onGo}
      >
        <button type="button" onClick={() => setOpen(blockers.length > 0)}>
          Create plan
        </button>
      </Blockers>
    </>
  );
}

it('lists what is missing without locking the page, and goes away once it is mended', async () => {
  const onGo = vi.fn();
  render(<Page onGo={onGo} />);
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  const dialog = await screen.findByRole('dialog', { name: 'Before you can create this plan' });
  fireEvent.click(within(dialog).getByRole('button', { name: /Add a title/ }));
  expect(onGo).toHaveBeenCalledWith('title');
  fireEvent.change(screen.getByRole('textbox', { name: 'Title' }), { target: { value: 'Tier' } });
  expect(screen.queryByRole('dialog')).toBeNull();
});
