import { screen, waitFor, within } from "@testing-library/react";
import decodeQR from "qr/decode.js";
import { CODE, TOTP_SECRET } from "@/test/mock_settings";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

mockedProgram();

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

// What a camera reads in the squares of the drawing.
function readBy(code: Element): string {
  const PIXELS = 4;
  const modules = Number(code.getAttribute("viewBox")?.split(" ").at(-1));
  const side = modules * PIXELS;
  const data = new Uint8Array(side * side * 4).fill(255);
  const path = code.querySelector("path")?.getAttribute("d") ?? "";
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < PIXELS; ++row) {
      const at = ((Number(y) * PIXELS + row) * side + Number(x) * PIXELS) * 4;
      for (let column = 0; column < PIXELS; ++column)
        data.fill(0, at + column * 4, at + column * 4 + 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}

describe("one's own second factor", () => {
  it("is turned on by password and code, and gives recovery codes once", async () => {
    const { user } = renderApp("/me");
    await user.click(await screen.findByRole("button", { name: "开启两步验证" }));
    const form = await dialog("开启两步验证");
    await user.type(form.getByLabelText("现在的密码"), "wrong{Enter}");
    expect(await form.findByRole("alert")).toBeInTheDocument();
    await user.clear(form.getByLabelText("现在的密码"));
    await user.type(form.getByLabelText("现在的密码"), "correct horse{Enter}");
    const code = await form.findByRole("img", { name: "两步验证密钥的二维码" });
    expect(readBy(code)).toMatch(
      new RegExp(`^otpauth://totp/Siyu:zhang.wei\\?secret=${TOTP_SECRET}&`),
    );
    expect(form.getByTestId("totp_secret")).toHaveTextContent("JBSW Y3DP EHPK 3PXP");

    await user.type(form.getByLabelText("验证码"), "000000{Enter}");
    expect(await form.findByRole("alert")).toHaveTextContent("验证码错误");
    await user.clear(form.getByLabelText("验证码"));
    await user.type(form.getByLabelText("验证码"), `${CODE.slice(0, 3)} ${CODE.slice(3)}{Enter}`);
    const codes = await screen.findByTestId("recovery_codes");
    expect(codes.querySelectorAll("li")).toHaveLength(10);
    expect(codes).toHaveTextContent("k9fh-wq2m-9xpr-t4bd");
    // Closed only by who says they are kept.
    expect(screen.queryByRole("button", { name: "关闭" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "我已保存" }));
    await waitFor(() => expect(screen.queryByTestId("recovery_codes")).toBeNull());
    expect(await screen.findByText("还剩 10 个恢复码。")).toBeInTheDocument();
  });

  it("is turned off by password and code", async () => {
    const { user } = renderApp("/me");
    await user.click(await screen.findByRole("button", { name: "开启两步验证" }));
    const form = await dialog("开启两步验证");
    await user.type(form.getByLabelText("现在的密码"), "correct horse{Enter}");
    await user.type(await form.findByLabelText("验证码"), `${CODE}{Enter}`);
    await user.click(await screen.findByRole("button", { name: "我已保存" }));
    await user.click(await screen.findByRole("button", { name: "关闭两步验证…" }));
    const removal = await dialog("关闭两步验证");
    await user.type(removal.getByLabelText("现在的密码"), "correct horse");
    await user.type(removal.getByLabelText("验证码"), `${CODE}{Enter}`);
    expect(await screen.findByText("两步验证已关闭")).toBeInTheDocument();
    expect(await screen.findByRole("button", { name: "开启两步验证" })).toBeInTheDocument();
  });
});
