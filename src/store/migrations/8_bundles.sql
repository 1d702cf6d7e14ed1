-- What a list by conversation asks of many mails as well (store::bundles).
DROP INDEX mail_facts;
CREATE INDEX mail_facts ON mail (id, date, size, props, thread_id, trackers);
