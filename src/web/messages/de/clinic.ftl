# clinic
