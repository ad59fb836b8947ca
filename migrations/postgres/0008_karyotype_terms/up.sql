-- The words by which a karyotype is found, such as |del(5q)|complex|. Rows of before have none: karyotypes were plain
-- text until this step.

ALTER TABLE results ADD COLUMN karyotype_terms text COLLATE "C";

CREATE INDEX results_karyotype ON results (karyotype_terms, case_id)
    WHERE karyotype_terms IS NOT NULL;
