import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { customerAddress } from "@/text/address";
import { titleOf } from "@/text/customer";

// Whose order it is.
export function Customer({ order }: { order: Schema["Order"] | Schema["OrderNow"] }) {
  return (
    <Link to={customerAddress({ id: order.customer_id })}>
      {titleOf({ key: order.customer, name: order.customer_name })}
    </Link>
  );
}
