import './without-eval.ts';
import '@fontsource-variable/geist/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import './styles/app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { applyTheme } from './components/shell/theme.ts';
import { createConsoleRouter } from './router.tsx';

applyTheme();
const queries = createQueryClient(() => {
  if (router.state.location.pathname !== '/sign-in') void router.navigate({ to: '/sign-in' });
});
const router = createConsoleRouter(queries);

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no #root');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
