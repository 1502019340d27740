create index customer_list_members on customer_list (list, customer) where present = 1;
