import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { type Column, DataTable } from "@/components/data_table";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { MoreRows } from "@/components/more_rows";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { staffAddress } from "@/text/address";
import { changedOf } from "./changed";
import { ListSearch, useStaffPages, useStoreNames } from "./people_and_places";
import styles from "./settings.module.css";
import { StoreFields } from "./store_fields";

type Staff = Schema["Staff"];

// People of the brand who have customers.
export default function StaffPage() {
  const { t } = useTranslation();
  const may = useMay("accounts.write");
  const [open, setOpen] = useState<Staff | "new" | null>(null);
  const [search, setSearch] = useState("");
  const pages = useStaffPages(search);
  const seesCustomers = useMay("customers.read");
  const nameOf = useStoreNames(
    (pages.data?.pages ?? []).flatMap(({ staff }) => staff.flatMap(({ stores }) => stores)),
  );
  const columns: Column<Staff>[] = [
    {
      key: "name",
      title: t("staff.name"),
      render: ({ id, name, number }) => (
        <>
          {seesCustomers ? <Link to={staffAddress(id)}>{name}</Link> : name}
          <small className={styles.more}>{number}</small>
        </>
      ),
    },
    { key: "phone", title: t("staff.phone"), render: ({ phone }) => phone ?? "–" },
    {
      key: "stores",
      title: t("page.stores"),
      render: ({ stores: ids }) =>
        ids.length === 0 ? "–" : ids.map(nameOf).join(t("value.separator")),
    },
    { key: "state", title: t("users.state"), render: ({ state }) => t(`staff.is.${state}`) },
    {
      key: "do",
      title: "",
      render: (member) =>
        may && (
          <div className={styles.actions}>
            <Button size="small" onClick={() => setOpen(member)}>
              {t("users.edit")}
            </Button>
          </div>
        ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("page.staff")}
        lead={t("settings.part.staff")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen("new")}>
              {t("staff.add")}
            </Button>
          )
        }
      />
      <Panel>
        <ListSearch label={t("staff.search")} value={search} onChange={setSearch} />
        <Answered query={pages}>
          {(data) => (
            <DataTable
              label={t("page.staff")}
              columns={columns}
              rows={data.pages.flatMap(({ staff }) => staff)}
              keyOf={({ id }) => id}
              empty={t(search === "" ? "staff.none" : "staff.none_found")}
            />
          )}
        </Answered>
        <MoreRows pages={pages} />
      </Panel>
      {open !== null && (
        <StaffDialog member={open === "new" ? null : open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface Values {
  number: string;
  name: string;
  phone?: string;
  stores: number[];
  state: Staff["state"];
}

// The phone comes masked: it is sent only when somebody has written one.
export function StaffDialog({ member, onClose }: { member: Staff | null; onClose(): void }) {
  const { t } = useTranslation();
  const save = useChange("staff", async ({ phone = "", state, ...rest }: Values) => {
    const written = phone.trim() === "" ? {} : { phone: phone.trim() };
    if (member === null) return answerOf(api.POST("/staff", { body: { ...rest, ...written } }));
    return answerOf(
      api.PATCH("/staff/{id}", {
        params: { path: { id: member.id } },
        body: { ...changedOf(member, { ...rest, state }), ...written },
      }),
    );
  });
  const states = ["active", "left"] as const;
  return (
    <EntryDialog<Values>
      title={member === null ? t("staff.add") : t("users.edit")}
      save={save}
      onClose={onClose}
      initial={
        member === null
          ? { stores: [], state: "active" }
          : { number: member.number, name: member.name, stores: member.stores, state: member.state }
      }
    >
      <RequiredText name="name" label={t("staff.name")} max={100} />
      <RequiredText name="number" label={t("staff.number")} max={64} />
      <Form.Item name="phone" label={t("staff.phone")} extra={t("staff.phone_hint")}>
        <Input
          type="tel"
          maxLength={21}
          autoComplete="off"
          {...(member?.phone ? { placeholder: member.phone } : {})}
        />
      </Form.Item>
      <Form.Item name="stores" label={t("page.stores")}>
        <StoreFields />
      </Form.Item>
      {member !== null && (
        <Form.Item name="state" label={t("users.state")} extra={t("staff.left_text")}>
          <Choice
            options={states.map((state) => ({ value: state, label: t(`staff.is.${state}`) }))}
          />
        </Form.Item>
      )}
    </EntryDialog>
  );
}
