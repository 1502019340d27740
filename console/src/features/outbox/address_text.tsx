import { Fragment } from "react";

// An address that may stand on two lines, broken only after what divides it.
export function AddressText({ url }: { url: string }) {
  return url.split(/(?<=[/?&=.])/).map((part, at) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
