import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { CopyButton } from "@/components/copy_button";
import { type Column, DataTable } from "@/components/data_table";
import { Dialog } from "@/components/dialog";
import { keyName, lastUsed, Revoke, until } from "./key_columns";
import styles from "./settings.module.css";

type Key = Schema["Key"];

// Keys that stand in pages for everybody to read, with the sites they are good from.
export function PublicKeys({ keys, may }: { keys: readonly Key[]; may: boolean }) {
  const { t } = useTranslation();
  const columns: Column<Key>[] = [
    keyName(t),
    {
      key: "origins",
      title: t("keys.origins"),
      render: ({ origins }) => (
        <ul className={styles.list}>
          {origins.map((origin) => (
            <li key={origin}>{origin}</li>
          ))}
        </ul>
      ),
    },
    lastUsed(t),
    until(t),
  ];
  if (may) {
    columns.push({
      key: "do",
      title: "",
      render: (key) =>
        key.revoked_at === null && (
          <Revoke keyToRevoke={key} sentence={t("keys.public.revoke_text", { name: key.name })} />
        ),
    });
  }
  return (
    <DataTable
      label={t("keys.public.title")}
      columns={columns}
      rows={keys}
      keyOf={({ id }) => id}
      empty={t("keys.public.none")}
    />
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
