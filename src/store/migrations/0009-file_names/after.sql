select id from audit where noun = 'import' and verb = 'started' and after_json like '%"file"%';
