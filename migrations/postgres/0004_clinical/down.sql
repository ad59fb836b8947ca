DROP TABLE reports;
DROP TABLE results;
DROP TABLE orders;
DROP TABLE specimens;
DROP TABLE cases;
DROP TABLE patients;
