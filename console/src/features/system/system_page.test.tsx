import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { handlers } from "@/test/mock_api";
import { BACKUPS, SYSTEM } from "@/test/mock_system";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const part = async (title: string) => within(await screen.findByRole("region", { name: title }));

describe("the program's health", () => {
  it("says in words how it is", async () => {
    renderApp("/settings/system");
    const attention = within(await screen.findByTestId("attention"));
    expect(await attention.findByText("一切正常，没有需要处理的事。")).toBeInTheDocument();
    expect(attention.queryAllByRole("listitem")).toHaveLength(0);
    const reading = await part("读到哪里");
    expect(reading.getByText("内存（人群和数字）").parentElement).toHaveTextContent("已读完");
    expect(reading.getByText("订单").parentElement).toHaveTextContent("落后 3 条，等了 1 秒钟");
    const disk = await part("磁盘与备份");
    expect(disk.getByText("还能用").parentElement).toHaveTextContent("约 3,388 天");
    expect(disk.getByText("数据").parentElement).toHaveTextContent("2.2 GiB");
    const memory = await part("内存");
    expect(memory.getByText("合计").parentElement).toHaveTextContent("160 MiB");
  });

  it("leads to what has to be mended", async () => {
    server.use(
      http.get("*/api/v1/system", () =>
        HttpResponse.json({
          ...SYSTEM,
          store: { ...SYSTEM.store, available: false, reason: "disk full" },
          log: {
            ...SYSTEM.log,
            readers: [{ ...SYSTEM.log.readers[0], lag_events: 100_000, lag_ms: 754_000 }],
          },
          backups: { ...SYSTEM.backups, on: false },
        }),
      ),
    );
    const { user, router } = renderApp("/settings/system");
    expect(await screen.findByText("数据库不能写入：disk full")).toBeInTheDocument();
    expect(
      screen.getByText("内存（人群和数字） 落后 100,000 条，最早的一条已等了 12 分钟 34 秒钟"),
    ).toBeInTheDocument();
    const attention = within(screen.getByTestId("attention"));
    await user.click(attention.getByRole("link", { name: "备份" }));
    expect(router.state.location.pathname).toBe("/settings/backups");
  });

  it("shows what is being asked, and stops it", async () => {
    const stopped: string[] = [];
    server.use(
      http.delete("*/api/v1/questions/:id", ({ params }) => {
        stopped.push(String(params.id));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp("/settings/system");
    const asked = within(await screen.findByTestId("questions"));
    const [, running, waiting] = await asked.findAllByRole("row");
    expect(running).toHaveTextContent(
      /导出.*did order_paid in last 365d.*li\.na.*42%.*约剩 14 秒钟/,
    );
    expect(waiting).toHaveTextContent(/计数.*命令行.*在等/);
    await user.click(within(running as HTMLElement).getByRole("button", { name: "停止" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "停止" }));
    await waitFor(() => expect(stopped).toEqual(["41"]));
  });

  it("offers only one's own to be stopped where others' may not be", async () => {
    server.resetHandlers(...handlers({ permissions: ["system.read", "audiences.read"] }));
    renderApp("/settings/system");
    const asked = within(await screen.findByTestId("questions"));
    await asked.findByText("li.na");
    expect(asked.queryByRole("button", { name: "停止" })).toBeNull();
  });
});

describe("backups", () => {
  it("tell what came of each, and what is set", async () => {
    renderApp("/settings/backups");
    const list = within(await screen.findByRole("table", { name: "备份记录" }));
    expect(list.getAllByRole("row")).toHaveLength(1 + BACKUPS.length);
    expect(list.getByText(/空间不足/)).toBeInTheDocument();
    const schedule = within(screen.getByTestId("schedule"));
    const folder = await schedule.findByRole("link", { name: "/backup/siyu" });
    expect(folder).toHaveAttribute("href", "/settings/preferences#backup_folder");
    expect(schedule.queryByRole("alert")).toBeNull();
  });

  it("are made at once when somebody asks", async () => {
    const { user } = renderApp("/settings/backups");
    const make = await screen.findByRole("button", { name: "马上备份" });
    await user.click(make);
    expect(await screen.findByText("进行中")).toBeInTheDocument();
    await waitFor(() => expect(make).toBeDisabled());
  });

  it("say why one cannot be made", async () => {
    server.use(
      http.post("*/api/v1/backups", () =>
        HttpResponse.json(
          { type: "", title: "", status: 409, code: "backup.off", detail: "尚未设置备份目录。" },
          { status: 409, headers: { "Content-Type": "application/problem+json" } },
        ),
      ),
    );
    const { user } = renderApp("/settings/backups");
    await user.click(await screen.findByRole("button", { name: "马上备份" }));
    expect(await screen.findByText("尚未设置备份目录。")).toBeInTheDocument();
  });

  it("of PostgreSQL are made by its own tools", async () => {
    server.use(
      http.get("*/api/v1/backups", () =>
        HttpResponse.json(
          { type: "", title: "", status: 409, code: "backup.pg_dump", detail: "请用 pg_dump" },
          { status: 409, headers: { "Content-Type": "application/problem+json" } },
        ),
      ),
    );
    renderApp("/settings/backups");
    expect(await screen.findByText("请用 pg_dump")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "马上备份" })).toBeNull();
    expect(screen.queryByTestId("schedule")).toBeNull();
  });

  it("are only looked at by who may not change settings", async () => {
    server.resetHandlers(...handlers({ permissions: ["system.read"] }));
    renderApp("/settings/backups");
    await screen.findByRole("table", { name: "备份记录" });
    expect(screen.queryByRole("button", { name: "马上备份" })).toBeNull();
  });
});
