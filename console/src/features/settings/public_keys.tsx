import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { CopyButton } from "@/components/copy_button";
import { Dialog } from "@/components/dialog";
import { type Key, KeyTable } from "./key_table";
import styles from "./settings.module.css";

// Keys that stand in pages for everybody to read, with the sites they are good from.
export function PublicKeys({ keys, may }: { keys: readonly Key[]; may: boolean }) {
  const { t } = useTranslation();
  return (
    <KeyTable
      keys={keys}
      label={t("keys.public.title")}
      empty={t("keys.public.none")}
      opens={{ title: t("keys.origins"), of: ({ origins }) => <Origins origins={origins} /> }}
      revoking={may ? ({ name }) => t("keys.public.revoke_text", { name }) : null}
    />
  );
}

function Origins({ origins }: { origins: readonly string[] }) {
  return (
    <ul className={styles.list}>
      {origins.map((origin) => (
        <li key={origin}>{origin}</li>
      ))}
    </ul>
  );
}

// What a page needs to tell what its visitors do (docs/tracker.md).
function snippetOf(secret: string): string {
  const script = new URL("/siyu.js", document.baseURI).href;
  return [
    `<script>window.siyu = window.siyu || []; siyu.push(["page"]);</script>`,
    `<script src="${script}" data-key="${secret}" async></script>`,
  ].join("\n");
}

const CALLS = [
  ["identify", `siyu.identify("wang-001", { city: "Hangzhou" });`],
  ["viewed", `siyu.productViewed({ product_id: "A-7", name: "Oolong", price: 68 });`],
  ["track", `siyu.track("Newsletter Wanted");`],
  ["opt_out", "siyu.optOut();"],
] as const;

interface Props {
  // null: nothing to show.
  secret: string | null;
  onClose(): void;
}

// Pasted into every page of the site; the key is not shown again.
export function Snippet({ secret, onClose }: Props) {
  const { t } = useTranslation();
  if (secret === null) return null;
  const snippet = snippetOf(secret);
  return (
    <Dialog
      open
      wide
      title={t("keys.public.snippet")}
      actions={
        <Button type="primary" onClick={onClose}>
          {t("secret.kept")}
        </Button>
      }
    >
      <p>{t("keys.public.snippet_text")}</p>
      <pre className={styles.code} data-testid="snippet">
        {snippet}
      </pre>
      <CopyButton text={snippet} />
      <p className={styles.calls_lead}>{t("keys.public.calls")}</p>
      <dl className={styles.calls}>
        {CALLS.map(([name, call]) => (
          <div key={name}>
            <dt>{t(`keys.public.call.${name}`)}</dt>
            <dd>
              <code>{call}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
