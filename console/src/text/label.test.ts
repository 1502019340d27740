import { labelAmong, labelOf } from "./label";

const birthday = { name: "birthday", label_zh: "生日", label_en: "" };

it("a thing is called by its label in the language, else by the other, else by its name", () => {
  expect(labelOf({ ...birthday, label_en: "Birthday" }, "en")).toBe("Birthday");
  expect(labelOf({ ...birthday, label_en: "Birthday" }, "zh-CN")).toBe("生日");
  expect(labelOf(birthday, "en")).toBe("生日");
  expect(labelOf({ name: "city", label_zh: "", label_en: "" }, "zh-CN")).toBe("city");
});

it("one that is not known is called by its name", () => {
  expect(labelAmong([birthday], "birthday", "zh-CN")).toBe("生日");
  expect(labelAmong([birthday], "gone", "zh-CN")).toBe("gone");
  expect(labelAmong(undefined, "birthday", "zh-CN")).toBe("birthday");
});
