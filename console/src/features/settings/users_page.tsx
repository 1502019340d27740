import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { Dialog } from "@/components/dialog";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { SessionList } from "@/components/session_list";
import { ShownOnce } from "@/components/shown_once";
import styles from "./settings.module.css";
import { UserDialog } from "./user_dialog";

type User = Schema["User"];

export default function UsersPage() {
  const { t } = useTranslation();
  const may = useMay("users.write");
  const [open, setOpen] = useState<User | "new" | null>(null);
  const [sessionsOf, setSessionsOf] = useState<User | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const users = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => answerOf(api.GET("/users", { signal })),
  });
  return (
    <>
      <PageHead
        title={t("page.users")}
        lead={t("settings.part.users")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen("new")}>
              {t("users.invite")}
            </Button>
          )
        }
      />
      <Panel>
        <Answered query={users}>
          {(data) => (
            <Users
              users={data.users}
              onEdit={setOpen}
              onSessions={setSessionsOf}
              onLink={setLink}
            />
          )}
        </Answered>
      </Panel>
      <Panel title={t("users.roles")}>
        <dl className={styles.words}>
          {(["owner", "admin", "operator", "engineer", "analyst"] as const).map((role) => (
            <div key={role}>
              <dt>{t(`role.${role}`)}</dt>
              <dd>{t(`role_text.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      {open !== null && (
        <UserDialog
          user={open === "new" ? null : open}
          onClose={() => setOpen(null)}
          onLink={setLink}
        />
      )}
      <UsersSessions user={sessionsOf} onClose={() => setSessionsOf(null)} />
      <ShownOnce
        title={t("users.link")}
        sentence={t("users.link_text")}
        secret={link}
        onClose={() => setLink(null)}
      />
    </>
  );
}

// Nobody changes an owner but owners.
function useMayChange() {
  const may = useMay("users.write");
  const mayOwners = useMay("owners.write");
  return ({ role }: User) => may && (role !== "owner" || mayOwners);
}

function UsersSessions({ user, onClose }: { user: User | null; onClose(): void }) {
  const { t } = useTranslation();
  const mayChange = useMayChange();
  if (user === null) return null;
  return (
    <Dialog open wide onClose={onClose} title={t("users.sessions_of", { name: user.display_name })}>
      <SessionList user={user} mayEnd={mayChange(user)} />
    </Dialog>
  );
}

interface UsersProps {
  users: readonly User[];
  onEdit(user: User): void;
  onSessions(user: User): void;
  onLink(link: string): void;
}

function Users({ users, onEdit, onSessions, onLink }: UsersProps) {
  const { t } = useTranslation();
  const mayChange = useMayChange();
  const columns: Column<User>[] = [
    {
      key: "name",
      title: t("users.name"),
      render: ({ name, display_name }) => (
        <>
          {display_name}
          {display_name !== name && <small className={styles.more}>{name}</small>}
        </>
      ),
    },
    { key: "role", title: t("users.role"), render: ({ role }) => t(`role.${role}`) },
    { key: "scope", title: t("users.scope"), render: ({ scope }) => t(`users.scope_is.${scope}`) },
    { key: "state", title: t("users.state"), render: ({ state }) => t(`users.is.${state}`) },
    {
      key: "seen",
      title: t("users.last_sign_in"),
      render: ({ last_sign_in_at }) =>
        last_sign_in_at ? <Moment value={last_sign_in_at} /> : t("users.never"),
    },
    {
      key: "factor",
      title: t("second_factor.title"),
      render: ({ second_factor }) => t(second_factor ? "second_factor.on" : "second_factor.off"),
    },
    {
      key: "do",
      title: "",
      render: (user) => (
        <div className={styles.actions}>
          <Button size="small" onClick={() => onSessions(user)}>
            {t("users.sessions")}
          </Button>
          {mayChange(user) && (
            <UserActions user={user} onEdit={() => onEdit(user)} onLink={onLink} />
          )}
        </div>
      ),
    },
  ];
  return (
    <DataTable
      label={t("page.users")}
      columns={columns}
      rows={users}
      keyOf={({ id }) => id}
      empty={t("users.none")}
    />
  );
}

interface ActionsProps {
  user: User;
  onEdit(): void;
  onLink(link: string): void;
}

function UserActions({ user: { id, name, second_factor }, onEdit, onLink }: ActionsProps) {
  const { t } = useTranslation();
  const mayOwners = useMay("owners.write");
  const path = { id };
  const reset = useChange("users", () =>
    answerOf(api.POST("/users/{id}/reset", { params: { path } })),
  );
  const removeFactor = useChange("users", () =>
    answerOf(api.DELETE("/users/{id}/second-factor", { params: { path } })),
  );
  const remove = useChange("users", () =>
    answerOf(api.DELETE("/users/{id}", { params: { path } })),
  );
  return (
    <>
      <Button size="small" onClick={onEdit}>
        {t("users.edit")}
      </Button>
      <ConfirmButton
        label={t("users.reset")}
        sentence={t("users.reset_text", { name })}
        onConfirm={async () => onLink(resetLink(await reset.mutateAsync(undefined)))}
      />
      {second_factor && mayOwners && (
        <ConfirmButton
          label={t("users.remove_factor")}
          sentence={t("users.remove_factor_text", { name })}
          onConfirm={() => removeFactor.mutateAsync(undefined)}
        />
      )}
      <ConfirmButton
        label={t("users.delete")}
        sentence={t("users.delete_text", { name })}
        onConfirm={() => remove.mutateAsync(undefined)}
      />
    </>
  );
}

export function resetLink({ token }: Schema["ResetLink"]): string {
  return new URL(`/reset#token=${encodeURIComponent(token)}`, document.baseURI).href;
}
