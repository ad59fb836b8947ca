DROP INDEX specimens_at_bench;
