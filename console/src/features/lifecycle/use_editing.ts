// A model being edited: what is saved, what is written, and what somebody else has saved meanwhile.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useNotices } from "@/components/notices";
import { NOTHING_LOST } from "@/components/unsaved";
import { modelAddress } from "./address";
import { isModelConflict, modelWith, useCreateModel, useSaveModel } from "./asking";
import { changeOf, draftOf, newModelOf } from "./draft";
import type { Model } from "./types";

export function useEditing(saved: Model | null) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notices = useNotices();
  const [base, setBase] = useState(saved);
  const [draft, setDraft] = useState(() => draftOf(saved));
  const [theirs, setTheirs] = useState<Model | null>(null);
  const [error, setError] = useState<unknown>(null);
  const create = useCreateModel();
  const change = useSaveModel(base?.key ?? "");
  const [untouched] = useState(() => JSON.stringify(draftOf(null)));

  const done = (model: Model) => {
    notices.success(t("audience.saved", { version: model.version }));
    void navigate(modelAddress(model.key), { state: NOTHING_LOST });
  };
  const saveOver = async (over: Model) => {
    const differs = changeOf(over, draft);
    if (differs === null) return done(over);
    done(await change.mutateAsync(differs));
  };
  // Whatever goes wrong is said; a version of somebody else's is shown beside.
  const attempt = async (work: () => Promise<void>) => {
    setError(null);
    try {
      await work();
    } catch (cause) {
      if (base !== null && isModelConflict(cause)) setTheirs(await modelWith(base.key));
      else setError(cause);
    }
  };
  return {
    base,
    draft,
    setDraft,
    theirs,
    error,
    saving: create.isPending || change.isPending,
    changed: base === null ? JSON.stringify(draft) !== untouched : changeOf(base, draft) !== null,
    save: () =>
      attempt(async () =>
        base === null ? done(await create.mutateAsync(newModelOf(draft))) : saveOver(base),
      ),
    keepMine: () => void (theirs && attempt(() => saveOver(theirs))),
    takeTheirs: () => {
      if (theirs === null) return;
      setBase(theirs);
      setDraft(draftOf(theirs));
      setTheirs(null);
    },
  };
}
