/**
 * Build of the console.
 *
 * The page is served under `default-src 'self'`: nothing inline is written into index.html. The theme
 * script must run before first paint, so it is emitted as its own hashed file in front of the bundle.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';
import { mockServer } from './dev/mock/plugin.ts';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Emits src/theme-before-paint.js with a hashed name and loads it, blocking, first in <head>. */
function themeBeforePaint(): Plugin {
  const file = source('./src/theme-before-paint.js');
  let url = '/src/theme-before-paint.js';
  let building = false;
  return {
    name: 'theme-before-paint',
    configResolved: (config) => {
      building = config.command === 'build';
    },
    buildStart() {
      if (!building) return;
      const code = readFileSync(file, 'utf8');
      const hash = createHash('sha256').update(code).digest('hex').slice(0, 8);
      const fileName = `assets/theme-${hash}.js`;
      this.emitFile({ type: 'asset', fileName, source: code });
      url = `/${fileName}`;
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: url }, injectTo: 'head-prepend' }],
  };
}

/** The words come with what waits for them, not after it. */
function preloadWords(): Plugin {
  return {
    name: 'preload-words',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const words = Object.values(bundle).find(({ fileName }) => /^assets\/en-[^/]+\.js$/.test(fileName));
        if (!words) return [];
        return [
          { tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${words.fileName}` } },
        ];
      },
    },
  };
}

/**
 * What the first page needs at once, in one file: left alone, what it shares with other pages becomes some sixty files,
 * and a browser asks a server for six at a time.
 */
function ofFirstPage() {
  const roots = ['./src/main.tsx', './src/pages/home/HomePage.tsx'].map(source);
  let all: Set<string> | undefined;
  return (id: string, graph: { getModuleInfo: (id: string) => Rolldown.ModuleInfo | null }) => {
    if (!all) {
      all = new Set(roots);
      // A set that grows is walked to its new end.
      for (const seen of all) for (const next of graph.getModuleInfo(seen)?.importedIds ?? []) all.add(next);
    }
    return all.has(id) && !roots.includes(id) ? 'first' : null;
  };
}

const api = process.env.BASALT_API;

export default defineConfig({
  plugins: [react(), tailwindcss(), themeBeforePaint(), preloadWords(), ...(api ? [] : [mockServer()])],
  resolve: { alias: { '@': source('./src') } },
  build: {
    manifest: true,
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { debugName: 'first', name: ofFirstPage() },
            { name: 'icons', test: /node_modules[\\/]lucide-react[\\/]/, minShareCount: 3 },
            {
              name: 'codemirror',
              test: /node_modules[\\/](@codemirror|@lezer|codemirror|style-mod|w3c-keyname|crelt)[\\/]/,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: api
      ? Object.fromEntries(['/bytebase.v1.', '/basalt.v1.', '/api/', '/v1/'].map((p) => [p, { target: api }]))
      : undefined,
  },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
