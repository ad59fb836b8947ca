DROP INDEX results_karyotype;
ALTER TABLE results DROP COLUMN karyotype_terms;
