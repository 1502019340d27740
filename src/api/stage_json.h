// A stage of a model as answers tell it: {"key", "label": {"zh", "en"}}, null for none.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>

#include "lifecycle/model.h"

namespace api {

inline boost::json::object label_json(const lifecycle::Text& label) {
  return {{"zh", label.chinese}, {"en", label.english}};
}

// `stage`: its place in the model.
inline boost::json::value stage_json(const lifecycle::Model& model,
                                     const std::optional<std::size_t>& stage) {
  if (!stage) return nullptr;
  const lifecycle::Stage& one = model.stages[*stage];
  return boost::json::object{{"key", one.key}, {"label", label_json(one.label)}};
}

}  // namespace api
