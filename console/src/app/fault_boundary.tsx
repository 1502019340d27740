import { Component, type ReactNode } from "react";
import { ProblemPage } from "@/components/problem_page";

interface State {
  fault: unknown;
}

// Our own mistakes while drawing a page: said instead of a blank page.
export class FaultBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(fault: unknown): State {
    return { fault };
  }

  override render() {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return <ProblemPage error={fault} retry={() => window.location.reload()} />;
  }
}
