import type { IncomingMessage, ServerResponse } from 'node:http';
export function handle(_request: IncomingMessage, _response: ServerResponse): boolean {
  return false;
}
