import { useParams } from "react-router";
import { NotFoundPage } from "@/app/not_found_page";
import { UploadPage } from "@/features/imports/upload_page";

const ID = /^[1-9]\d*$/;

export default function UploadRoute() {
  const { upload = "" } = useParams();
  return ID.test(upload) ? <UploadPage key={upload} id={Number(upload)} /> : <NotFoundPage />;
}
