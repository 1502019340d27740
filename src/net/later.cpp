#include "net/later.h"

#include <utility>

#include "base/check.h"

namespace net {

void Later::answer(Response response) {
  CHECK(response.later == nullptr);
  Then then;
  {
    const std::scoped_lock lock(mutex_);
    CHECK(!answered_);
    answered_ = true;
    if (!then_) {
      response_ = std::move(response);
      return;
    }
    then = std::exchange(then_, nullptr);
  }
  then(std::move(response));
}

void Later::on_answer(Then then) {
  std::optional<Response> response;
  {
    const std::scoped_lock lock(mutex_);
    CHECK(!then_);
    if (!answered_) {
      then_ = std::move(then);
      return;
    }
    CHECK(response_.has_value());
    response = std::exchange(response_, std::nullopt);
  }
  then(std::move(*response));
}

Response with_headers_of(Response answer, const Response& first) {
  for (const Headers::Field& field : first.headers.fields()) {
    answer.headers.set(field.name, field.value);
  }
  return answer;
}

}  // namespace net
