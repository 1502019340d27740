import { TagsPage } from "@/features/tags/tags_page";

export default function TagsRoute() {
  return <TagsPage />;
}
