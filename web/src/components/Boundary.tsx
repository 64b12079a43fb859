import { Component, type ReactNode } from 'react';
import { ApiError, isApiError } from '@/api/error';
import { ErrorPanel } from '@/ui/States';

interface Props {
  /** The widget, in words. */
  name: string;
  children: ReactNode;
}

/** A widget that throws takes itself away, never the page around it. */
export class Boundary extends Component<Props, { error: ApiError | null }> {
  override state: { error: ApiError | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { error: ApiError } {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const error = isApiError(thrown)
      ? thrown
      : new ApiError({ code: 'internal', message, method: 'console' });
    return { error };
  }

  override render() {
    const { name, children } = this.props;
    const { error } = this.state;
    if (!error) return children;
    return <ErrorPanel error={error} doing={name} onRetry={() => this.setState({ error: null })} />;
  }
}
