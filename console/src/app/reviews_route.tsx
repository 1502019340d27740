import { ReviewsPage } from "@/features/reviews/reviews_page";

export default ReviewsPage;
