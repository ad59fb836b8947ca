DROP TRIGGER documents_refuses_delete;
DROP TRIGGER documents_refuses_update;
DROP TABLE documents;
