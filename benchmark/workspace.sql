-- name: customer_numbers
select identity.customer, identity.value
from identity join identity_kind on identity_kind.id = identity.kind
where identity_kind.name = 'customer'
