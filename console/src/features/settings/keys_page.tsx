import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { Answered } from "@/components/answered";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ShownOnce } from "@/components/shown_once";
import { KeyDialog } from "./key_dialog";
import { type Key, KeyTable } from "./key_table";
import { PublicKeyDialog } from "./public_key_dialog";
import { PublicKeys, Snippet } from "./public_keys";

// Two kinds that must not be taken for each other: secret ones of programs, public ones of pages.
export default function KeysPage() {
  const { t } = useTranslation();
  const may = useMay("keys.write");
  const [making, setMaking] = useState<"secret" | "public" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [pasted, setPasted] = useState<string | null>(null);
  const keys = useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => answerOf(api.GET("/keys", { signal })),
  });
  const make = (kind: "secret" | "public", label: string) =>
    may && <Button onClick={() => setMaking(kind)}>{label}</Button>;
  return (
    <>
      <PageHead title={t("page.keys")} lead={t("settings.part.keys")} />
      <Panel
        title={t("keys.secret_title")}
        lead={t("keys.secret_lead")}
        actions={make("secret", t("keys.create"))}
      >
        <Answered query={keys}>
          {(data) => <SecretKeys keys={data.keys.filter((key) => !key.write_only)} may={may} />}
        </Answered>
      </Panel>
      <Panel
        title={t("keys.public.title")}
        lead={t("keys.public.lead")}
        actions={make("public", t("keys.public.create"))}
      >
        <Answered query={keys} rows={2}>
          {(data) => <PublicKeys keys={data.keys.filter((key) => key.write_only)} may={may} />}
        </Answered>
      </Panel>
      {making === "secret" && <KeyDialog onClose={() => setMaking(null)} onSecret={setSecret} />}
      {making === "public" && (
        <PublicKeyDialog onClose={() => setMaking(null)} onSecret={setPasted} />
      )}
      <ShownOnce
        title={t("keys.secret")}
        sentence={t("keys.secret_text")}
        secret={secret}
        onClose={() => setSecret(null)}
      />
      <Snippet secret={pasted} onClose={() => setPasted(null)} />
    </>
  );
}

function SecretKeys({ keys, may }: { keys: readonly Key[]; may: boolean }) {
  const { t } = useTranslation();
  const say = t as (key: string) => string;
  return (
    <KeyTable
      keys={keys}
      label={t("keys.secret_title")}
      empty={t("keys.none")}
      opens={{
        title: t("keys.scopes"),
        of: ({ scopes }) =>
          scopes.map((scope) => say(`permission.${scope}`)).join(t("value.separator")),
      }}
      revoking={may ? ({ name }) => t("keys.revoke_text", { name }) : null}
    />
  );
}
