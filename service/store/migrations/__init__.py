"""Steps of the schema: never edited once released, only followed by another one."""
