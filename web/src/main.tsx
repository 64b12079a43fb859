import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query';
import { installNonce } from './lib/csp';
import { watchFocus } from './lib/focus';
import { initI18n } from './lib/i18n';
import { watchTheme } from './lib/theme';
import { router } from './routes';
import './styles.css';
import { TooltipLayer } from './ui/TooltipLayer';
import { Toaster } from './ui/toast';

installNonce();
watchTheme();
watchFocus();
await initI18n();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
      <TooltipLayer />
    </QueryClientProvider>
  </StrictMode>,
);
