// Rules in canonical spelling that together take every production of the grammar; for tests.
#pragma once

namespace audience {

inline constexpr const char* kEveryProduction[] = {
    "everyone",
    "age in (1, 2.50, -3)",
    "age between 1 and 2",
    "age is unknown",
    "city contains \"海\"",
    "city starts with \"上\" and city ends with \"海\"",
    "is_member != false",
    "seen in last 7d",
    "due in next 36h",
    "seen in this quarter",
    "seen in previous 1 week",
    "seen today or seen yesterday",
    "seen before 2026-01-31",
    "seen since 2026-01-31T08:00Z",
    "seen between 2026-01-31 and 2026-02-01T00:00:00.000+08:00",
    "seen from 30d to 7d ago",
    "birthday anniversary today",
    "birthday anniversary in next 7d or birthday anniversary in last 1w",
    "born = --05-17",
    "\"会员 等级\" = \"金\"",
    "tag \"等级/VIP\" and tag any of \"等级\" and audience \"核心\"",
    "group any and follows \"大号\" and friend of any and coupon \"新人\"",
    "consents to \"marketing\" on \"sms\" and consents to \"marketing\"",
    "identity on \"phone\"",
    "stage \"m\" != \"x\" or stage \"m\" in (\"x\", \"y\") or stage \"m\" is known",
    "balance \"points\" >= 100.5",
    "did order_paid where (amount >= 100 and (a = 1 or not b = 2)) sum(amount) > 300.5 today",
    "did a avg(b) < 1 and did a min(b) = 2026-01-01 and did a distinct(b) >= 3",
    "did a >= 2 times in last 1000ms",
    "did a on = 1 days in previous 3 months",
    "did not a where (b = 1) since $entry",
    "not did a",
    "first a where (b = 1) with (c = $code) in this month",
    "last \"下单 成功\" yesterday",
    "did a then b within 0ms same(sku) then c where (d = 1) in last 7d",
    "did a then not b within 24h same(sku) from 60d to 1d ago",
};

}  // namespace audience
