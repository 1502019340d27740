import { useParams } from "react-router";
import { NotFoundPage } from "@/app/not_found_page";
import { ImportPage } from "@/features/imports/import_page";

const ID = /^[1-9]\d*$/;

export default function ImportRoute() {
  const { import: id = "" } = useParams();
  return ID.test(id) ? <ImportPage key={id} id={Number(id)} /> : <NotFoundPage />;
}
