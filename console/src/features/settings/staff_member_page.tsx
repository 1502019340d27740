import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { useStaffMember, useStoreNames } from "./people_and_places";
import { StaffCustomers } from "./staff_customers";
import { StaffDialog } from "./staff_page";

const ID = /^[1-9]\d*$/;

// Somebody of the staff, with the customers they have.
export default function StaffMemberPage() {
  const { staff = "" } = useParams();
  const member = useStaffMember(ID.test(staff) ? Number(staff) : 0);
  return <Answered query={member}>{(found) => <Member member={found} />}</Answered>;
}

function Member({ member }: { member: Schema["Staff"] }) {
  const { t } = useTranslation();
  const mayChange = useMay("accounts.write");
  const [open, setOpen] = useState(false);
  const nameOf = useStoreNames(member.stores);
  const { name, number, phone, stores, state } = member;
  const told = [
    number,
    t(`staff.is.${state}`),
    phone,
    stores.map(nameOf).join(t("value.separator")),
  ];
  return (
    <>
      <PageHead
        title={name}
        back={{ to: "/settings/staff", label: t("page.staff") }}
        lead={told.filter(Boolean).join(" · ")}
        actions={mayChange && <Button onClick={() => setOpen(true)}>{t("users.edit")}</Button>}
      />
      <Panel title={t("staff.customers")} testId="staff_customers">
        <StaffCustomers key={member.id} member={member} />
      </Panel>
      {open && <StaffDialog member={member} onClose={() => setOpen(false)} />}
    </>
  );
}
