drop table audience_size;
