import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import styles from "./ledger.module.css";
import { OWNER_KINDS, useLedgerWords } from "./words";

interface Props {
  id?: string;
  value?: string;
  onChange?(kind: string): void;
  // What stands for none; undefined: there has to be one.
  any?: string;
}

const OTHER = "?";

// Whose accounts: a kind that has a word, or any other as programs name it.
export function OwnerKindField({ id, value = "", onChange, any }: Props) {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const known = value === "" || OWNER_KINDS.some((kind) => kind === value);
  const [other, setOther] = useState(!known);
  const choose = (kind: string) => {
    setOther(kind === OTHER);
    onChange?.(kind === OTHER ? "" : kind);
  };
  return (
    <span className={styles.kind}>
      <Choice
        {...(id === undefined ? {} : { id })}
        value={other ? OTHER : value}
        onChange={choose}
        options={[
          ...(any === undefined ? [] : [{ value: "", label: any }]),
          ...OWNER_KINDS.map((kind) => ({ value: kind, label: words.ownerKind(kind) })),
          { value: OTHER, label: t("ledger.other_kind") },
        ]}
      />
      {other && (
        <Input
          value={value}
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          aria-label={t("ledger.other_kind_name")}
          placeholder={t("ledger.other_kind_name")}
          onChange={(event) => onChange?.(event.target.value)}
        />
      )}
    </span>
  );
}
