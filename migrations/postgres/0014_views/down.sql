DROP TABLE opened_cases;
DROP TABLE saved_views;
