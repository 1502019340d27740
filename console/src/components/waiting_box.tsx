import { Skeleton } from "antd";

const WHOLE = { width: "100%", height: "100%" };
const STYLES = { root: { display: "block", ...WHOLE }, content: WHOLE };

// A figure or a picture on its way, as large as its class says.
export function WaitingBox({ className }: { className: string | undefined }) {
  return (
    <div className={className}>
      <Skeleton.Node active styles={STYLES} />
    </div>
  );
}
