import { Button, Checkbox, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { Panel } from "@/components/panel";
import { type Part, TypeChoice } from "./columns_table";
import { ColumnChoice } from "./conditions";
import { TimeFields } from "./events";
import styles from "./imports.module.css";
import { changed, PRODUCT_TYPES, type Product, withMember } from "./mapping";

const APART_MAX = 4;

// What few files need: folded until it is.
export function Further(part: Part) {
  const { t } = useTranslation();
  const { draft } = part;
  const used = Boolean(
    draft.constants ?? draft.products ?? draft.since ?? draft.apart ?? draft.key,
  );
  return (
    <Panel>
      <details open={used}>
        <summary className={styles.summary}>{t("imports.further")}</summary>
        <div className={styles.further}>
          <Constants {...part} />
          <Products {...part} />
          {draft.kind === "customers" && <Since {...part} />}
          {draft.kind === "customers" && <Apart {...part} />}
          {draft.kind === "events" && <Key {...part} />}
        </div>
      </details>
    </Panel>
  );
}

function Constants({ draft, onChange }: Part) {
  const { t } = useTranslation();
  const constants = draft.constants ?? [];
  const set = (next: typeof constants) => onChange(withMember(draft, "constants", next));
  return (
    <section>
      <h3>{t("imports.constants")}</h3>
      <p className={styles.hint}>{t("imports.constants_hint")}</p>
      {constants.map((constant, index) => (
        <div key={index} className={styles.row}>
          <Input
            aria-label={t("imports.constant_name")}
            value={constant.name}
            onChange={({ target }) =>
              set(changed(constants, index, { ...constant, name: target.value }))
            }
          />
          <Input
            aria-label={t("imports.constant_value")}
            placeholder={t("imports.constant_value")}
            value={constant.value}
            onChange={({ target }) =>
              set(changed(constants, index, { ...constant, value: target.value }))
            }
          />
          <TypeChoice
            label={`${t("imports.type")} ${constant.name}`}
            value={constant.type}
            onChange={(type) => set(changed(constants, index, withMember(constant, "type", type)))}
          />
          <Button size="small" type="text" onClick={() => set(changed(constants, index, null))}>
            {t("imports.remove")}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() => set([...constants, { name: `value_${constants.length + 1}`, value: "" }])}
      >
        {t("imports.add_constant")}
      </Button>
    </section>
  );
}

function Products({ draft, columns, onChange }: Part) {
  const { t } = useTranslation();
  const products = draft.products ?? [];
  const set = (next: Product[]) => onChange(withMember(draft, "products", next));
  const [one = "", other = one] = columns;
  const fresh: Product = { name: "amount", type: "money", factors: [one, other] };
  return (
    <section>
      <h3>{t("imports.products")}</h3>
      <p className={styles.hint}>{t("imports.products_hint")}</p>
      {products.map((product, index) => {
        const [first, second] = product.factors;
        const change = (next: Product | null) => set(changed(products, index, next));
        return (
          <div key={index} className={styles.row}>
            <Input
              aria-label={t("imports.product_name")}
              value={product.name}
              onChange={({ target }) => change({ ...product, name: target.value })}
            />
            <ColumnChoice
              label={t("imports.first_factor")}
              value={first}
              columns={columns}
              onChange={(column) => change({ ...product, factors: [column, second] })}
            />
            <span aria-hidden="true">×</span>
            <ColumnChoice
              label={t("imports.second_factor")}
              value={second}
              columns={columns}
              onChange={(column) => change({ ...product, factors: [first, column] })}
            />
            <Choice
              aria-label={`${t("imports.type")} ${product.name}`}
              value={product.type ?? "money"}
              options={PRODUCT_TYPES.map((type) => ({
                value: type as string,
                label: t(`value_type.${type}`),
              }))}
              onChange={(type) =>
                change({ ...product, type: type as (typeof PRODUCT_TYPES)[number] })
              }
            />
            <Button size="small" type="text" onClick={() => change(null)}>
              {t("imports.remove")}
            </Button>
          </div>
        );
      })}
      <Button size="small" onClick={() => set([...products, fresh])}>
        {t("imports.add_product")}
      </Button>
    </section>
  );
}

function Since({ draft, columns, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{t("imports.since")}</h3>
      <p className={styles.hint}>{t("imports.since_hint")}</p>
      <TimeFields
        label={t("imports.since")}
        time={draft.since ?? { columns: [] }}
        columns={columns}
        none={t("imports.since_import")}
        onChange={(since) =>
          onChange(
            withMember(
              draft,
              "since",
              since === null || since.columns.length === 0 ? undefined : since,
            ),
          )
        }
      />
    </section>
  );
}

// Attributes by which two persons with one phone are told apart.
function Apart({ draft, onChange }: Part) {
  const { t } = useTranslation();
  const apart = draft.apart ?? [];
  const names = (draft.columns ?? []).flatMap(({ as, name }) =>
    as === "attribute" && name ? [name] : [],
  );
  if (names.length === 0) return null;
  return (
    <section>
      <h3>{t("imports.apart")}</h3>
      <p className={styles.hint}>{t("imports.apart_hint", { count: APART_MAX })}</p>
      <Ticks
        names={names}
        chosen={apart}
        max={APART_MAX}
        onChange={(next) => onChange(withMember(draft, "apart", next))}
      />
    </section>
  );
}

function Key({ draft, columns, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{t("imports.key")}</h3>
      <p className={styles.hint}>{t("imports.key_hint")}</p>
      <Ticks
        names={columns}
        chosen={draft.key ?? []}
        max={columns.length}
        onChange={(next) => onChange(withMember(draft, "key", next))}
      />
    </section>
  );
}

interface TicksProps {
  names: readonly string[];
  chosen: readonly string[];
  max: number;
  onChange(next: string[]): void;
}

function Ticks({ names, chosen, max, onChange }: TicksProps) {
  return (
    <div className={styles.ticks}>
      {names.map((name) => (
        <Checkbox
          key={name}
          checked={chosen.includes(name)}
          disabled={!chosen.includes(name) && chosen.length >= max}
          onChange={({ target }) =>
            onChange(target.checked ? [...chosen, name] : chosen.filter((each) => each !== name))
          }
        >
          {name}
        </Checkbox>
      ))}
    </div>
  );
}
