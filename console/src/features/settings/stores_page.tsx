import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { MoreRows } from "@/components/more_rows";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { OpenOrClosed } from "./accounts_page";
import { changedOf } from "./changed";
import { ListSearch, useStorePages } from "./people_and_places";
import styles from "./settings.module.css";

type Store = Schema["Store"];

// Shops with a door.
export default function StoresPage() {
  const { t } = useTranslation();
  const may = useMay("accounts.write");
  const [open, setOpen] = useState<Store | "new" | null>(null);
  const [search, setSearch] = useState("");
  const pages = useStorePages(search);
  const columns: Column<Store>[] = [
    {
      key: "name",
      title: t("stores.name"),
      render: ({ name, code }) => (
        <>
          {name}
          <small className={styles.more}>{code}</small>
        </>
      ),
    },
    { key: "city", title: t("stores.city"), render: ({ city }) => city || "–" },
    { key: "address", title: t("stores.address"), render: ({ address }) => address || "–" },
    {
      key: "place",
      title: t("stores.place"),
      render: ({ latitude, longitude }) => (latitude === null ? "–" : `${latitude}, ${longitude}`),
    },
    { key: "state", title: t("users.state"), render: ({ state }) => t(`stores.is.${state}`) },
    {
      key: "do",
      title: "",
      render: (store) =>
        may && (
          <div className={styles.actions}>
            <Button size="small" onClick={() => setOpen(store)}>
              {t("users.edit")}
            </Button>
          </div>
        ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("page.stores")}
        lead={t("settings.part.stores")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen("new")}>
              {t("stores.add")}
            </Button>
          )
        }
      />
      <Panel>
        <ListSearch label={t("stores.search")} value={search} onChange={setSearch} />
        <Answered query={pages}>
          {(data) => (
            <DataTable
              label={t("page.stores")}
              columns={columns}
              rows={data.pages.flatMap(({ stores }) => stores)}
              keyOf={({ id }) => id}
              empty={t(search === "" ? "stores.none" : "stores.none_found")}
            />
          )}
        </Answered>
        <MoreRows pages={pages} />
      </Panel>
      {open !== null && (
        <StoreDialog store={open === "new" ? null : open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface Values {
  code: string;
  name: string;
  city?: string;
  address?: string;
  // "30.259244, 120.130663", as maps show it.
  place?: string;
  state: Store["state"];
}

const PLACE = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,\uff0c]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

// What a person has written; undefined: nothing, null: no place.
export function placeFrom(text: string | undefined) {
  if (text === undefined || text.trim() === "") return undefined;
  const found = PLACE.exec(text);
  return found ? { latitude: Number(found[1]), longitude: Number(found[2]) } : null;
}

function StoreDialog({ store, onClose }: { store: Store | null; onClose(): void }) {
  const { t } = useTranslation();
  const place =
    store === null || store.latitude === null ? "" : `${store.latitude}, ${store.longitude}`;
  const save = useChange("stores", async ({ state, city = "", ...rest }: Values) => {
    const { code, name, address = "" } = rest;
    const texts = { code, name, city, address };
    if (store === null) {
      return answerOf(api.POST("/stores", { body: { ...texts, ...placeFrom(rest.place) } }));
    }
    return answerOf(
      api.PATCH("/stores/{id}", {
        params: { path: { id: store.id } },
        body: { ...changedOf(store, { ...texts, state }), ...placeNow(rest.place) },
      }),
    );
  });
  // Both numbers, or none: they are one place.
  const placeNow = (text: string | undefined) =>
    text === place ? {} : (placeFrom(text) ?? { without_place: true });
  const check = (_: unknown, text: string | undefined) =>
    placeFrom(text) === null
      ? Promise.reject(new Error(t("stores.place_wrong")))
      : Promise.resolve();
  return (
    <EntryDialog<Values>
      title={store === null ? t("stores.add") : t("users.edit")}
      save={save}
      onClose={onClose}
      initial={store === null ? { state: "open" } : { ...store, place }}
    >
      <RequiredText name="name" label={t("stores.name")} max={100} />
      <Form.Item
        name="code"
        label={t("stores.code")}
        extra={t("stores.code_hint")}
        rules={[{ required: true, whitespace: true, message: t("stores.missing") }]}
      >
        <Input maxLength={64} spellCheck={false} autoComplete="off" />
      </Form.Item>
      <Form.Item name="city" label={t("stores.city")}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="address" label={t("stores.address")}>
        <Input maxLength={150} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="place"
        label={t("stores.place")}
        extra={t("stores.place_hint")}
        validateTrigger="onSubmit"
        rules={[{ validator: check }]}
      >
        <Input maxLength={40} placeholder={t("stores.place_example")} autoComplete="off" />
      </Form.Item>
      {store !== null && <OpenOrClosed />}
    </EntryDialog>
  );
}
