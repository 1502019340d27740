import { HomePage } from "@/features/home/home_page";

export default function HomeRoute() {
  return <HomePage />;
}
