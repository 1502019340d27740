import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { PERMISSIONS } from "@/test/fixtures";
import { handlers } from "@/test/mock_api";
import { IMPORTS } from "@/test/mock_workspace";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const send = async (name: string) => {
  const app = renderApp("/customers/import");
  const field = await screen.findByLabelText("选择文件，或拖到这里");
  await app.user.upload(field, new File(["x"], name, { type: "text/csv" }));
  return app;
};

describe("imports", () => {
  it("says of one that was cut off that it goes on with the same file", async () => {
    server.use(
      http.get("*/api/v1/imports/8", () =>
        HttpResponse.json({ ...IMPORTS[1], state: "cut_off", rows_left_out: 0 }),
      ),
    );
    renderApp("/customers/import/8");
    expect(await screen.findByText(/已中断/)).toBeInTheDocument();
    expect(screen.getByText(/再导入同一个文件会继续/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "撤销这次导入" })).toBeInTheDocument();
  });

  it("are listed; one tells its report and is taken back, with what stays", async () => {
    const { user, router } = renderApp("/customers/import");
    const list = within(await screen.findByRole("table", { name: "导入记录" }));
    expect(list.getByText("17")).toBeInTheDocument();
    await user.click(list.getByRole("link", { name: "会员.csv" }));
    expect(router.state.location.pathname).toBe("/customers/import/8");
    expect(await screen.findByTestId("counts")).toHaveTextContent("写入120,000");
    expect(await screen.findByText(/逐行的原因只保留最近 200 次/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "撤销这次导入" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText(/120,000 行/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "撤销这次导入" }));
    expect(await screen.findByText("400 / 800 位客户")).toBeInTheDocument();
    const kept = within(await screen.findByTestId("kept", {}, { timeout: 5000 }));
    expect(kept.getByText(/标签 等级\/VIP/)).toBeInTheDocument();
    expect(kept.getByRole("link", { name: "c_42" })).toHaveAttribute("href", "/customers/c_42");
    expect(await screen.findByText(/· 已撤销 ·/)).toBeInTheDocument();
  });

  it("tell whoever may read them what was left out, and give it as a file", async () => {
    const permissions = PERMISSIONS.filter((each) => each !== "imports.write");
    server.resetHandlers(...handlers({ permissions }));
    const left = {
      line: 7,
      column: "手机",
      code: "intake.identity_masked",
      detail: "手机号是打码的。",
    };
    server.use(
      http.get("*/api/v1/imports/8", () => HttpResponse.json({ ...IMPORTS[1], left_out: [left] })),
    );
    const saved: string[] = [];
    URL.createObjectURL = () => "blob:x";
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved.push(this.download);
    });
    const { user } = renderApp("/customers/import/8");
    expect(await screen.findByText("手机号是打码的。")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "下载遗漏明细（CSV）" }));
    await waitFor(() => expect(saved).toEqual(["left-out-8.csv"]));
    vi.restoreAllMocks();
  });

  it("of nobody who may not: no file, no undo", async () => {
    const permissions = PERMISSIONS.filter((each) => each !== "imports.write");
    server.resetHandlers(...handlers({ permissions }));
    renderApp("/customers/import/8");
    expect(await screen.findByTestId("counts")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "撤销这次导入" })).toBeNull();
  });

  it("that do not exist are said to be gone", async () => {
    renderApp("/customers/import/999");
    expect(await screen.findByText("没有这次导入")).toBeInTheDocument();
  });
});

describe("a file", () => {
  it("is sent, looked at, mapped, tried and imported", async () => {
    const mappings: { columns: { column: string; as: string; name?: string }[] }[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.method === "PUT") mappings.push(await request.clone().json());
    });
    const { user, router } = await send("会员.csv");
    expect(await screen.findByText(/按列名和内容推测/)).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/customers/import/file/201");
    expect(screen.getByTestId("facts")).toHaveTextContent(
      "CSV · 64 KiB · 1,200 行 · 5 列 · UTF-8 · 以逗号分列",
    );
    expect(screen.getByTestId("made")).toHaveTextContent("1,200 行，可以写入 1,199 条");
    expect(screen.getByText(/身份已打码/)).toBeInTheDocument();

    await user.selectOptions(screen.getByLabelText("意思 入会日"), "attribute");
    const name = screen.getByLabelText("属性名 入会日");
    await user.clear(name);
    await user.type(name, "joined");
    const preview = within(screen.getByRole("region", { name: "预览" }));
    expect(await preview.findAllByText("入会日-2")).not.toHaveLength(0);
    expect(await preview.findByText("joined")).toBeInTheDocument();
    expect(mappings.at(-1)?.columns).toContainEqual({
      column: "入会日",
      as: "attribute",
      name: "joined",
    });

    await user.click(screen.getByRole("button", { name: "试运行" }));
    expect(await screen.findByRole("progressbar", { name: "正在导入" })).toBeInTheDocument();
    expect(await screen.findByText("试运行的结果")).toBeInTheDocument();
    expect(screen.getByTestId("counts")).toHaveTextContent("未导入1");

    await user.click(screen.getByRole("button", { name: "开始导入" }));
    expect(await screen.findByText("导入完成")).toBeInTheDocument();
    await user.click(screen.getByRole("link", { name: "打开这次导入" }));
    expect(router.state.location.pathname).toBe("/customers/import/201");
    expect(await screen.findByText("不是日期。")).toBeInTheDocument();
  });

  it("uses saved settings that fit, keeps changes in them and saves its own", async () => {
    const asked: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (/\/mappings/.test(request.url) && request.method !== "GET") {
        const body = request.method === "DELETE" ? null : await request.clone().json();
        asked.push([request.method, body?.name, body?.version]);
      }
    });
    const { user } = await send("会员.csv");
    const saved = within(await screen.findByRole("region", { name: "保存的设置" }));
    await user.selectOptions(saved.getByLabelText("使用保存的设置"), "门店会员");
    await waitFor(() => expect(screen.getByLabelText("属性名 入会日")).toHaveValue("joined"));
    expect(saved.queryByRole("button", { name: "保存到“门店会员”" })).toBeNull();
    await user.selectOptions(screen.getByLabelText("意思 姓名"), "attribute");
    await user.click(saved.getByRole("button", { name: "保存到“门店会员”" }));
    expect(await screen.findByText("已保存“门店会员”。")).toBeInTheDocument();

    await user.type(saved.getByLabelText("给这些设置起个名称"), "门店会员");
    await user.click(saved.getByRole("button", { name: "保存这些设置" }));
    expect(await saved.findByText(/已有同名映射/)).toBeInTheDocument();
    await user.type(saved.getByLabelText("给这些设置起个名称"), "二店");
    await user.click(saved.getByRole("button", { name: "保存这些设置" }));
    expect(await screen.findByText("已保存“门店会员二店”。")).toBeInTheDocument();
    expect(await saved.findByRole("option", { name: "门店会员二店" })).toBeInTheDocument();

    await user.click(saved.getByRole("button", { name: "删除保存的设置" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "删除保存的设置" }));
    await waitFor(() => expect(saved.queryByRole("option", { name: "门店会员二店" })).toBeNull());
    expect(asked).toEqual([
      ["PUT", "门店会员", 3],
      ["POST", "门店会员", undefined],
      ["POST", "门店会员二店", undefined],
      ["DELETE", undefined, undefined],
    ]);
  });

  it("without an identity says so, and cannot be imported", async () => {
    const { user } = await send("会员.csv");
    await user.selectOptions(await screen.findByLabelText("意思 手机"), "ignored");
    expect(screen.getByText(/还没有身份列/)).toBeInTheDocument();
    expect(await screen.findByTestId("problems")).toHaveTextContent("映射没有身份列");
    expect(screen.getByRole("button", { name: "开始导入" })).toBeDisabled();
  });

  it("without a header is looked at by the places of its columns", async () => {
    const { user } = await send("会员.csv");
    const header = await screen.findByRole("checkbox", { name: "第一行是列名" });
    expect(header).toBeChecked();
    expect(await screen.findByText(/以前导入过的也计算在内/)).toBeInTheDocument();
    await user.click(header);
    expect(screen.getByText(/每一行都算数据/)).toBeInTheDocument();
    const json = screen.getByLabelText<HTMLTextAreaElement>("JSON 格式的设置");
    expect(JSON.parse(json.value)).toEqual({ kind: "customers", header: false });
    await user.click(header);
    expect(JSON.parse(json.value)).toEqual({ kind: "customers" });
  });

  it("becomes events by condition, a product and rows left out, all in the JSON", async () => {
    const { user } = await send("会员.csv");
    await user.selectOptions(
      await screen.findByRole("combobox", { name: "每一行是什么" }),
      "events",
    );
    await user.click(screen.getByText(/更多：/));
    await user.click(screen.getByRole("button", { name: "加一个乘积" }));
    await user.selectOptions(screen.getByLabelText("第一列"), "单价");
    const leaveOut = within(screen.getByRole("region", { name: "不要哪些行" }));
    await user.click(leaveOut.getByRole("button", { name: "加一个条件" }));
    await user.selectOptions(leaveOut.getByLabelText("列"), "姓名");
    await user.selectOptions(leaveOut.getByLabelText("怎样比较"), "contains");
    await user.type(leaveOut.getByLabelText(/^值/), "示例,合计");
    const json = screen.getByLabelText<HTMLTextAreaElement>("JSON 格式的设置");
    expect(JSON.parse(json.value)).toEqual({
      kind: "events",
      columns: [
        { column: "手机", as: "identity", name: "phone" },
        { column: "姓名", as: "property", name: "name", type: "text" },
      ],
      events: [{ event: "order_paid", time: { columns: ["入会日"] } }],
      products: [{ name: "amount", type: "money", factors: ["单价", "姓名"] }],
      leave_out: [{ column: "姓名", test: "contains", values: ["示例", "合计"] }],
    });
  });

  it("that cannot be read says why and what to do", async () => {
    await send("empty.csv");
    expect(await screen.findByText(/文件为空，需要表头和数据行/)).toBeInTheDocument();
  });

  it("of several sheets can be looked at by another one", async () => {
    const asked: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.url.endsWith("/sheet")) asked.push(await request.clone().json());
    });
    const { user, router } = await send("sheets.xlsx");
    const sheet = await screen.findByLabelText("工作表");
    expect(sheet).toHaveValue("客户");
    const notes = within(screen.getByTestId("notes")).getAllByRole("listitem");
    expect(notes.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^3 个公式没有保存结果/),
      expect.stringMatching(/^1,200 个数字超过 15 位/),
      expect.stringMatching(/^12 个单元格是公式/),
      expect.stringMatching(/^2 个隐藏行/),
    ]);
    await user.selectOptions(sheet, "旧");
    await waitFor(() => expect(screen.getByLabelText("工作表")).toHaveValue("旧"));
    expect(await screen.findByLabelText("意思 旧列")).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/customers/import/file/201");
    expect(asked).toEqual([{ sheet: "旧" }]);
  });

  it("left behind is found again, and dropped after being asked", async () => {
    const { user } = renderApp("/customers/import");
    const list = within(await screen.findByRole("table", { name: "还没导入完的文件" }));
    expect(list.getByRole("link", { name: "youzan-orders.xlsx" })).toHaveAttribute(
      "href",
      "/customers/import/file/101",
    );
    await user.click(list.getByRole("button", { name: "丢弃文件" }));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "丢弃文件" }));
    await waitFor(() =>
      expect(screen.queryByRole("table", { name: "还没导入完的文件" })).toBeNull(),
    );
  });

  it("whose import failed says what happened", async () => {
    server.use(
      http.get("*/api/v1/uploads/101", () =>
        HttpResponse.json({
          id: 101,
          file: "a.csv",
          at: "2026-03-05T00:00:00.000Z",
          state: "failed",
          fault: "api.import_cut_off",
          report: null,
        }),
      ),
    );
    renderApp("/customers/import/file/101");
    expect(await screen.findByText(/导入被数据库中断/)).toBeInTheDocument();
  });

  it("that is gone leads to sending it again", async () => {
    renderApp("/customers/import/file/999");
    expect(await screen.findByText("这个文件已经不在了")).toBeInTheDocument();
  });
});
