DROP INDEX orders_final;
ALTER TABLE orders DROP COLUMN final_at;
