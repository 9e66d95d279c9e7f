"""What reviewers decided, as files: one format a module, all of them from `ExportArticle`s."""
