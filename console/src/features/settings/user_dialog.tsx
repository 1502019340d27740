import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { type StaffChoice, StaffField, staffChoice } from "@/components/staff_field";
import { changedOf } from "./changed";
import { useStaffMember } from "./people_and_places";
import styles from "./settings.module.css";
import { resetLink } from "./users_page";

interface Props {
  // null: a new one.
  user: Schema["User"] | null;
  onClose(): void;
  onLink(link: string): void;
}

interface Values {
  name: string;
  display_name: string;
  role: Schema["Role"];
  state: Schema["User"]["state"];
  scope: Schema["Scope"];
  // null: nobody.
  staff: StaffChoice | null;
}

// What is said of both new and known users.
function seesOf({ scope, staff }: Pick<Values, "scope" | "staff">) {
  return { scope, staff: staff?.staff ?? 0 };
}

function bodyOf({ display_name, role, state, scope, staff }: Omit<Values, "name">) {
  return { display_name, role, state, ...seesOf({ scope, staff }) };
}

// Nobody but the new user ever knows their password: they set it by the link. Until then it is a
// long random one that is shown to no one.
function unknownPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function invite(values: Values): Promise<string> {
  const { name, display_name, role } = values;
  const { scope, staff } = seesOf(values);
  const user = await answerOf(
    api.POST("/users", {
      body: {
        name,
        role,
        password: unknownPassword(),
        scope,
        ...(staff === 0 ? {} : { staff }),
        ...(display_name ? { display_name } : {}),
      },
    }),
  );
  const path = { id: user.id };
  return resetLink(await answerOf(api.POST("/users/{id}/reset", { params: { path } })));
}

export function UserDialog({ user, onClose, onLink }: Props) {
  const { t } = useTranslation();
  const member = useStaffMember(user?.staff ?? null);
  const known = { user, onClose, onLink };
  return (
    <Dialog open onClose={onClose} title={user === null ? t("users.invite") : t("users.edit")}>
      {user === null || user.staff === null ? (
        <UserForm {...known} staff={null} />
      ) : (
        <Answered query={member}>
          {(staff) => <UserForm {...known} staff={staffChoice(staff)} />}
        </Answered>
      )}
    </Dialog>
  );
}

function UserForm({ user, staff, onClose, onLink }: Props & { staff: StaffChoice | null }) {
  const { t } = useTranslation();
  const mayOwners = useMay("owners.write");
  const save = useChange("users", async (values: Values) => {
    if (user === null) return onLink(await invite(values));
    await answerOf(
      api.PATCH("/users/{id}", {
        params: { path: { id: user.id } },
        body: changedOf(bodyOf({ ...user, staff }), bodyOf(values)),
      }),
    );
  });
  const roles = (["owner", "admin", "operator", "engineer", "analyst"] as const)
    .filter((role) => role !== "owner" || mayOwners)
    .map((role) => ({ value: role, label: t(`role.${role}`) }));
  const states = (["active", "disabled"] as const).map((state) => ({
    value: state,
    label: t(`users.is.${state}`),
  }));
  return (
    <>
      {save.isError && <ProblemAlert error={save.error} />}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        initialValues={
          user === null
            ? {
                name: "",
                display_name: "",
                role: "operator",
                state: "active",
                scope: "all",
                staff: null,
              }
            : { ...user, staff }
        }
        onFinish={(values) => save.mutate(values, { onSuccess: onClose })}
      >
        {user === null && (
          <Form.Item
            name="name"
            label={t("setup.name")}
            extra={t("setup.name_hint")}
            rules={[{ required: true, whitespace: true, message: t("sign_in.name_missing") }]}
          >
            <Input maxLength={200} spellCheck={false} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="display_name" label={t("setup.display_name")}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t("users.role")}>
          <Choice options={roles} />
        </Form.Item>
        <SeesFields />
        {user !== null && (
          <Form.Item name="state" label={t("users.state")} extra={t("users.disable_text")}>
            <Choice options={states} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {user === null ? t("users.invite_submit") : t("dialog.save")}
        </Button>
      </Form>
    </>
  );
}

// Whose customers they see, and who of the staff they are: needed for all but everybody's.
function SeesFields() {
  const { t } = useTranslation();
  const scopes = (["all", "stores", "own"] as const).map((scope) => ({
    value: scope,
    label: t(`users.scope_is.${scope}`),
  }));
  return (
    <>
      <Form.Item name="scope" label={t("users.scope")}>
        <Choice options={scopes} />
      </Form.Item>
      <Form.Item
        name="staff"
        label={t("users.staff")}
        extra={t("users.scope_hint")}
        dependencies={["scope"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, chosen: StaffChoice | null) =>
              getFieldValue("scope") !== "all" && chosen === null
                ? Promise.reject(new Error(t("users.staff_missing")))
                : Promise.resolve(),
          }),
        ]}
      >
        <Member />
      </Form.Item>
    </>
  );
}

interface MemberProps {
  id?: string;
  value?: StaffChoice | null;
  onChange?(one: StaffChoice | null): void;
}

// As a field of a form.
function Member({ id, value = null, onChange }: MemberProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.member}>
      <StaffField
        {...(id === undefined ? {} : { id })}
        chosen={value}
        onChoose={(one) => onChange?.(one)}
      />
      {value && (
        <Button type="text" onClick={() => onChange?.(null)}>
          {t("users.nobody")}
        </Button>
      )}
    </div>
  );
}
