"""PostgreSQL and Valkey from wheels: started by the first process that needs them, stopped after the last."""
