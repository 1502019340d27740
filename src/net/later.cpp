#include "net/later.h"

#include <utility>

#include "base/check.h"

namespace net {

void Later::answer(Response response) {
  CHECK(response.later == nullptr);
  Then then;
  Look look;
  {
    const std::scoped_lock lock(mutex_);
    CHECK(!answered_);
    answered_ = true;
    if (!then_) {
      response_ = std::move(response);
      return;
    }
    then = std::exchange(then_, nullptr);
    look = std::exchange(look_, nullptr);
  }
  if (look) look(response);
  then(std::move(response));
}

void Later::on_answer(Then then) {
  std::optional<Response> response;
  Look look;
  {
    const std::scoped_lock lock(mutex_);
    CHECK(!then_);
    if (!answered_) {
      then_ = std::move(then);
      return;
    }
    CHECK(response_.has_value());
    response = std::exchange(response_, std::nullopt);
    look = std::exchange(look_, nullptr);
  }
  if (look) look(*response);
  then(std::move(*response));
}

void Later::look_on(Look look) {
  const std::scoped_lock lock(mutex_);
  CHECK(!look_ && !then_);
  look_ = std::move(look);
}

Response with_headers_of(Response answer, Response first) {
  answer.headers.set_all(std::move(first.headers));
  return answer;
}

}  // namespace net
