import { Button } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Location, useBlocker } from "react-router";
import { Dialog } from "./dialog";

// Given with a navigation that loses nothing: what was written is saved, or gone on purpose.
export const NOTHING_LOST = { nothing_lost: true } as const;

const losesNothing = ({ state }: Location) => state?.nothing_lost === true;

// While something is not saved, leaving the page asks first; closing it is asked by the browser.
// Within the page the address may change.
export function Unsaved({ when }: { when: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      when && currentLocation.pathname !== nextLocation.pathname && !losesNothing(nextLocation),
  );
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [when]);
  if (blocker.state !== "blocked") return null;
  return (
    <Dialog
      open
      title={t("unsaved.title")}
      onClose={() => blocker.reset()}
      actions={
        <>
          <Button onClick={() => blocker.reset()}>{t("unsaved.stay")}</Button>
          <Button type="primary" danger onClick={() => blocker.proceed()}>
            {t("unsaved.leave")}
          </Button>
        </>
      }
    >
      <p>{t("unsaved.text")}</p>
    </Dialog>
  );
}
