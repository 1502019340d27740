import { message } from "antd";
import { createContext, type ReactNode, use } from "react";

type Notices = Pick<ReturnType<typeof message.useMessage>[0], "success" | "warning" | "error">;

const Context = createContext<Notices | null>(null);

// Short words that go by themselves, after something has been done.
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, holder] = message.useMessage();
  return (
    <Context value={notices}>
      {holder}
      {children}
    </Context>
  );
}

export function useNotices(): Notices {
  const notices = use(Context);
  if (notices === null) throw new Error("no NoticesProvider");
  return notices;
}
