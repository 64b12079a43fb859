/** Vite plugin: answers the API from memory in `npm run dev`, so that the console runs without a server. Never shipped. */
import type { Plugin } from 'vite';

export function mockServer(): Plugin {
  return {
    name: 'basalt-mock',
    apply: 'serve',
    async configureServer(server) {
      if (process.env.VITEST) return;
      const { handle } = await import('./server.ts');
      server.middlewares.use((request, response, next) => {
        if (!handle(request, response)) next();
      });
    },
  };
}
