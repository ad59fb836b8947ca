DROP TRIGGER documents_refuses_truncate ON documents;
DROP TRIGGER documents_refuses_delete ON documents;
DROP TRIGGER documents_refuses_update ON documents;
DROP TABLE documents;
DROP FUNCTION documents_refuses_change();
