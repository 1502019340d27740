// The customers as the projection of orders asks for them (order/projection.h).
#pragma once

#include <vector>

#include "order/projection.h"

namespace server {

class OrderPersons final : public order::Persons {
 public:
  std::vector<base::CustomerId> of_test_accounts(store::Session& session) const override;
  std::vector<base::CustomerId> one_with(store::Session& session,
                                         base::CustomerId customer) const override;
};

}  // namespace server
