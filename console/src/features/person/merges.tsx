import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { useActorName } from "@/components/actor_name";
import { ConfirmButton } from "@/components/confirm_button";
import { type CustomerChoice, CustomerField } from "@/components/customer_field";
import { Dialog } from "@/components/dialog";
import { Moment } from "@/components/moment";
import { ProblemAlert } from "@/components/problem_alert";
import { customerAddress, customerName } from "@/text/address";
import { titleOf } from "@/text/customer";
import { Beside } from "./beside";
import { useIdentityLabel } from "./identities";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";

interface Props {
  merges: Schema["Customer"]["merges"];
  // Whether a merge may be undone here.
  undo?: boolean;
}

export function Merges({ merges, undo = false }: Props) {
  const nameOf = useActorName();
  return (
    <dl className={styles.pairs}>
      {merges.map(({ id, customer, at, by }) => (
        <div key={id}>
          <dt>{customer}</dt>
          <dd>
            <Moment value={at} exact /> <small className={styles.since}>{nameOf(by)}</small>
            {undo && <UndoMerge {...{ id, customer }} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function UndoMerge({ id, customer }: { id: number; customer: string }) {
  const { t } = useTranslation();
  const undo = useRecordChange((merge: number) =>
    answerOf(api.DELETE("/merges/{id}", { params: { path: { id: merge } } })),
  );
  return (
    <div>
      <ConfirmButton
        label={t("person.undo_merge")}
        sentence={t("person.undo_merge_sentence", { customer })}
        onConfirm={() => undo.mutateAsync(id)}
      />
    </div>
  );
}

// Two of what one person has once, left by a merge for a person to look at.
export function Reviews({ reviews }: { reviews: readonly Schema["MergeReview"][] }) {
  const { t } = useTranslation();
  const labelOf = useIdentityLabel();
  const close = useRecordChange((id: number) =>
    answerOf(
      api.POST("/merge-reviews/{id}", { params: { path: { id } }, body: { decision: "merge" } }),
    ),
  );
  return (
    <ul className={styles.reviews} data-testid="reviews">
      {reviews.map(({ id, thing, name, gone }) => (
        <li key={id}>
          <span>
            {t("person.review", {
              thing: t(`person.review_thing.${thingOf(thing)}`),
              name: thing === "identity" ? labelOf(name) : name,
              gone,
            })}
          </span>
          <Button
            size="small"
            loading={close.isPending && close.variables === id}
            onClick={() => close.mutate(id)}
          >
            {t("person.reviewed")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

const thingOf = (thing: string) =>
  thing === "identity" || thing === "attribute" ? thing : ("other" as const);

// The other one is found, both are seen beside each other, then they are made one. Leads to the
// record that stays.
export function MergeButton({ record }: { record: Schema["Customer"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const customer = customerName(record);
  const [open, setOpen] = useState(false);
  const [other, setOther] = useState<CustomerChoice | null>(null);
  const merge = useRecordChange((name: string) =>
    answerOf(
      api.POST("/customers/{customer}/merge", {
        params: { path: { customer } },
        body: { other: name },
      }),
    ),
  );
  const close = () => {
    setOpen(false);
    setOther(null);
  };
  const confirm = () =>
    other &&
    merge.mutate(other.customer, {
      onSuccess: ({ survivor_id }) => {
        close();
        void navigate(customerAddress({ id: survivor_id }));
      },
    });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("person.merge")}</Button>
      <Dialog
        open={open}
        wide
        onClose={close}
        title={t("person.merge")}
        actions={
          <>
            <Button onClick={close}>{t("dialog.cancel")}</Button>
            <Button type="primary" disabled={!other} loading={merge.isPending} onClick={confirm}>
              {t("person.merge_now")}
            </Button>
          </>
        }
      >
        {merge.isError && <ProblemAlert error={merge.error} />}
        <p>{t("person.merge_sentence", { customer: titleOf(record) })}</p>
        <CustomerField chosen={other} onChoose={setOther} but={String(record.id)} />
        <div className={styles.beside}>
          {other ? (
            <Beside one={customer} other={other.customer} />
          ) : (
            <p className={styles.none}>{t("person.merge_who")}</p>
          )}
        </div>
      </Dialog>
    </>
  );
}
