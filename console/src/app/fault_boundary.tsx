import { Component, type ReactNode } from "react";
import { ProblemAlert } from "@/components/problem_alert";
import { ProblemPage } from "@/components/problem_page";

interface Props {
  children: ReactNode;
  // Within the shell, which stays; else the whole page.
  within?: boolean;
}

interface State {
  fault: unknown;
}

// Our own mistakes while drawing a page, and a part of it that could not be loaded: said instead of
// a blank page.
export class FaultBoundary extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(fault: unknown): State {
    return { fault };
  }

  override render() {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    const retry = () => window.location.reload();
    if (this.props.within) return <ProblemAlert error={fault} retry={retry} />;
    return <ProblemPage error={fault} retry={retry} />;
  }
}
