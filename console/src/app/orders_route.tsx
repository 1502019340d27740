import { OrdersPage } from "@/features/orders/orders_page";

export default OrdersPage;
