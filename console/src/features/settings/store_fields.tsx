import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { type Choosable, type Found, SearchField } from "@/components/search_field";
import { useStoreNames } from "./people_and_places";
import styles from "./settings.module.css";

const FOUND_MAX = 20;

interface StoreChoice extends Choosable {
  store: number;
}

interface Props {
  id?: string;
  value?: readonly number[];
  onChange?(stores: readonly number[]): void;
}

// Any number of stores, as a field of a form: those chosen, and one to find others.
export function StoreFields({ id, value = [], onChange }: Props) {
  const { t } = useTranslation();
  const nameOf = useStoreNames(value);
  const find = async (search: string, signal: AbortSignal): Promise<Found<StoreChoice>> => {
    const query = { search, limit: FOUND_MAX };
    const { stores, next } = await answerOf(api.GET("/stores", { params: { query }, signal }));
    const found = stores.map(({ id: store, name, code }) => ({
      id: String(store),
      store,
      label: name,
      more: code,
    }));
    return { found, more: next !== null };
  };
  return (
    <>
      {value.length > 0 && (
        <div className={styles.chosen}>
          {value.map((store) => (
            <Tag key={store}>
              {nameOf(store)}
              <button
                type="button"
                className={styles.off}
                aria-label={t("person.remove", { name: nameOf(store) })}
                onClick={() => onChange?.(value.filter((each) => each !== store))}
              >
                <span aria-hidden="true">×</span>
              </button>
            </Tag>
          ))}
        </div>
      )}
      <SearchField<StoreChoice>
        {...(id === undefined ? {} : { id })}
        label={t("stores.find")}
        about="stores"
        find={find}
        chosen={null}
        onChoose={(one) => one && onChange?.([...new Set([...value, one.store])])}
      />
    </>
  );
}
