REINDEX TABLE invoices;

REINDEX INDEX CONCURRENTLY invoices_number;

TRUNCATE audit_log;
